//! Reads lines from other programs, and keeps only as much of each as can be valid.

use std::io::{self, BufRead};

/// The maximum length of a line that is kept, in bytes: several times that of the longest message, so that a longer one is still
/// refused as too long.
const LINE_BYTES: usize = 64 * 1024;

/// Returns the next line without its line break; `None` at the end. The rest of a longer line is skipped, however long it is, and
/// what is not UTF-8 is replaced.
pub(super) fn read_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut has_read = false;
    loop {
        let read = match input.fill_buf() {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if read.is_empty() {
            break;
        }
        has_read = true;
        let end = read.iter().position(|byte| *byte == b'\n');
        let part = &read[..end.unwrap_or(read.len())];
        line.extend_from_slice(&part[..part.len().min(LINE_BYTES - line.len())]);
        let length = end.map_or(read.len(), |end| end + 1);
        input.consume(length);
        if end.is_some() {
            break;
        }
    }
    if line.ends_with(b"\r") {
        line.pop();
    }
    Ok(has_read.then(|| String::from_utf8_lossy(&line).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read as _};

    use super::*;

    #[test]
    fn lines_are_read_without_their_breaks_and_the_last_one_needs_none() {
        let mut input = &b"one\r\n\n\xff two\nthree"[..];

        let lines: Vec<String> = std::iter::from_fn(|| read_line(&mut input).expect("readable")).collect();

        assert_eq!(lines, ["one", "", "\u{fffd} two", "three"]);
    }

    #[test]
    fn a_line_without_end_is_cut_and_costs_no_more_memory_than_the_longest_one() {
        let endless = io::repeat(0).take(16 * LINE_BYTES as u64 + 3);
        let mut input = BufReader::new(endless.chain(&b"\nnext\n"[..]));

        let line = read_line(&mut input).expect("readable").expect("a line");

        assert_eq!(line.len(), LINE_BYTES);
        assert!(line.capacity() <= 2 * LINE_BYTES);
        assert_eq!(read_line(&mut input).expect("readable").as_deref(), Some("next"));
    }
}
