//! The visible part of a field whose text is longer than the field.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::editor::Editor;
use crate::text;

/// Returns the visible part of a field and the column of its cursor: the end of a long text if the field does not have the focus.
pub(super) fn visible(editor: &Editor, width: usize, is_focused: bool) -> (String, usize) {
    let at = if is_focused {
        editor.before_cursor().len()
    } else {
        editor.text().len()
    };
    let (mut glyphs, mut columns, mut cursor) = (Vec::new(), 0, 0);
    for (from, glyph) in editor.text().grapheme_indices(true) {
        if from < at {
            cursor = columns + text::glyph_width(&text::safe(glyph));
        }
        let glyph = text::safe(glyph).replace('\n', " ");
        let wide = text::glyph_width(&glyph);
        glyphs.push((columns, wide, glyph));
        columns += wide;
    }
    // The cursor needs a cell after the last letter.
    let first = if columns < width {
        0
    } else {
        (cursor + 1).saturating_sub(width)
    };
    let (mut shown, mut used, mut skipped) = (String::new(), 0, 0);
    for (column, wide, glyph) in glyphs {
        // The first cell shows that there is more text before it.
        if column < first + usize::from(first > 0) {
            skipped = column + wide;
            continue;
        }
        if shown.is_empty() && first > 0 {
            shown.push('…');
            used = 1;
        }
        if used + wide > width {
            break;
        }
        shown.push_str(&glyph);
        used += wide;
    }
    let cursor = if first > 0 {
        cursor + 1 - skipped.min(cursor + 1)
    } else {
        cursor
    };
    (shown, cursor.min(width.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn editor(text: &str) -> Editor {
        let mut editor = Editor::default();
        editor.set(text);
        editor
    }

    #[test]
    fn a_long_text_shows_its_end_and_the_cursor_behind_it() {
        assert_eq!(
            visible(&editor("abcdefghij"), 20, true),
            ("abcdefghij".to_owned(), 10)
        );
        assert_eq!(visible(&editor("abcdefghij"), 6, true), ("…ghij".to_owned(), 5));
        assert_eq!(visible(&editor("猫の目を見る"), 6, true).1, 5);
    }

    #[test]
    fn a_cursor_at_the_beginning_is_visible() {
        let mut editor = editor("abcdefghij");
        editor.line_start();

        assert_eq!(visible(&editor, 6, true), ("abcdef".to_owned(), 0));
    }

    proptest! {
        #[test]
        fn the_visible_text_and_the_cursor_fit_the_width(text in "\\PC{0,40}", left in 0usize..40, width in 1usize..20) {
            let mut editor = editor(&text);
            for _ in 0..left {
                editor.left();
            }
            let (shown, cursor) = visible(&editor, width, true);
            prop_assert!(text::width(&shown) <= width);
            prop_assert!(cursor < width);
        }
    }
}
