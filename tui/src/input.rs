//! The keyboard and the mouse: a thread that reads the terminal's events and translates them.
//!
//! A thread is needed because reading a terminal blocks. It checks every [`POLL_INTERVAL`] whether it should end. Its queue is
//! bounded: if the screen is slower than the user types, the thread waits and the terminal keeps the input.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::thread::JoinHandle;
use std::time::Duration;

use ratatui::crossterm::event::{
    self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use tokio::sync::mpsc;

use crate::key::{Code, Input, Key, Mouse, MouseAction};

/// The interval at which the thread checks whether it should end. crossterm 0.29 polls without waiting in the last millisecond of
/// each wait, some forty times: at ten waits a second that was 0.9 % of a core.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// How long the screen waits for the thread at its end.
const STOP_TIMEOUT: Duration = Duration::from_millis(400);

/// The capacity of the event queue.
const QUEUE: usize = 256;

/// The keyboard and the mouse, read or left to another program.
#[derive(Debug, Default)]
pub struct Keyboard(Option<Reader>);

impl Keyboard {
    /// Starts reading, unless it already does.
    pub fn listen(&mut self) -> io::Result<()> {
        if self.0.is_none() {
            self.0 = Some(Reader::start()?);
        }
        Ok(())
    }

    /// Leaves the terminal to another program.
    pub fn stop(&mut self) {
        self.0 = None;
    }

    /// Returns the next event, or an error if there will be no more. Pends while stopped. Cancel safe.
    pub async fn next(&mut self) -> io::Result<Input> {
        match &mut self.0 {
            Some(reader) => reader.next().await,
            None => std::future::pending().await,
        }
    }
}

/// Reads the terminal until it is dropped.
#[derive(Debug)]
struct Reader {
    events: mpsc::Receiver<io::Result<Input>>,
    is_over: Arc<AtomicBool>,
    has_ended: std::sync::mpsc::Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts to read.
    fn start() -> io::Result<Self> {
        let (sender, events) = mpsc::channel(QUEUE);
        let is_over = Arc::new(AtomicBool::new(false));
        let (runs, has_ended) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name("keyboard".to_owned()).spawn({
            let is_over = Arc::clone(&is_over);
            move || {
                read(&sender, &is_over);
                drop(runs);
            }
        })?;
        Ok(Self {
            events,
            is_over,
            has_ended,
            thread: Some(thread),
        })
    }

    /// Returns the next event, or an error if there will be no more. Cancel safe.
    async fn next(&mut self) -> io::Result<Input> {
        match self.events.recv().await {
            Some(event) => event,
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.events.close();
        // Nothing is ever sent on this channel; it disconnects when the thread ends.
        if self.has_ended.recv_timeout(STOP_TIMEOUT) == Err(RecvTimeoutError::Timeout) {
            // crossterm 0.29 waits for the rest of a partial escape sequence; the thread then ends with the next key or the
            // process.
            return;
        }
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was already reported by the panic hook.
            drop(thread.join());
        }
    }
}

fn read(sender: &mpsc::Sender<io::Result<Input>>, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        let event = match event::poll(POLL_INTERVAL) {
            Ok(false) => continue,
            Ok(true) => event::read(),
            Err(error) => Err(error),
        };
        let (input, is_last) = match event {
            Ok(event) => (translate(event).map(Ok), false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => (Some(Err(error)), true),
        };
        let has_reader = input.is_none_or(|input| sender.blocking_send(input).is_ok());
        if is_last || !has_reader {
            return;
        }
    }
}

/// Converts an event to the screen's type; `None` if it is irrelevant.
fn translate(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) => translate_key(key).map(Input::Key),
        Event::Paste(text) => Some(Input::paste(&text)),
        Event::Resize(..) => Some(Input::Resized),
        Event::Mouse(mouse) => translate_mouse(mouse).map(Input::Mouse),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn translate_mouse(mouse: MouseEvent) -> Option<Mouse> {
    let action = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) if mouse.modifiers.is_empty() => MouseAction::Press,
        MouseEventKind::ScrollUp => MouseAction::WheelUp,
        MouseEventKind::ScrollDown => MouseAction::WheelDown,
        MouseEventKind::Down(_)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => return None,
    };
    Some(Mouse {
        action,
        column: mouse.column,
        row: mouse.row,
    })
}

fn translate_key(key: KeyEvent) -> Option<Key> {
    let has = |modifier| key.modifiers.contains(modifier);
    let (ctrl, alt) = (has(KeyModifiers::CONTROL), has(KeyModifiers::ALT));
    let mut shift = has(KeyModifiers::SHIFT);
    let code = match key.code {
        KeyCode::Char(c) => {
            // A character includes its shift, and control characters have no case.
            shift = false;
            Code::Char(if ctrl { c.to_ascii_lowercase() } else { c })
        }
        KeyCode::F(number) => Code::F(number),
        KeyCode::Enter => Code::Enter,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => {
            shift = true;
            Code::Tab
        }
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Esc => Code::Esc,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Insert
        | KeyCode::Null
        | KeyCode::CapsLock
        | KeyCode::ScrollLock
        | KeyCode::NumLock
        | KeyCode::PrintScreen
        | KeyCode::Pause
        | KeyCode::Menu
        | KeyCode::KeypadBegin
        | KeyCode::Media(_)
        | KeyCode::Modifier(_) => return None,
    };
    Some(Key {
        code,
        ctrl,
        alt,
        shift,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        translate_key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn a_character_key_has_no_separate_shift() {
        assert_eq!(key(KeyCode::Char('P'), KeyModifiers::SHIFT), Some(Key::char('P')));
        assert_eq!(
            key(KeyCode::Char('Q'), KeyModifiers::CONTROL),
            Some(Key::ctrl(Code::Char('q')))
        );
        assert_eq!(
            key(KeyCode::Char('p'), KeyModifiers::ALT),
            Some(Key::alt(Code::Char('p')))
        );
    }

    #[test]
    fn keys_without_a_character_keep_their_shift() {
        assert_eq!(
            key(KeyCode::Left, KeyModifiers::SHIFT),
            Some(Key::shift(Code::Left))
        );
        assert_eq!(
            key(KeyCode::BackTab, KeyModifiers::NONE),
            Some(Key::shift(Code::Tab))
        );
    }

    #[test]
    fn a_click_and_the_wheel_carry_their_cell() {
        let mouse = |kind, modifiers| {
            let event = MouseEvent {
                kind,
                column: 7,
                row: 3,
                modifiers,
            };
            translate(Event::Mouse(event))
        };
        let action = |action| {
            Some(Input::Mouse(Mouse {
                action,
                column: 7,
                row: 3,
            }))
        };
        let left = MouseEventKind::Down(MouseButton::Left);

        assert_eq!(mouse(left, KeyModifiers::NONE), action(MouseAction::Press));
        assert_eq!(
            mouse(MouseEventKind::ScrollUp, KeyModifiers::NONE),
            action(MouseAction::WheelUp)
        );
        assert_eq!(
            mouse(MouseEventKind::ScrollDown, KeyModifiers::NONE),
            action(MouseAction::WheelDown)
        );
        assert_eq!(mouse(left, KeyModifiers::SHIFT), None, "it marks text");
        assert_eq!(
            mouse(MouseEventKind::Up(MouseButton::Left), KeyModifiers::NONE),
            None
        );
    }

    #[test]
    fn irrelevant_events_are_ignored() {
        assert_eq!(key(KeyCode::CapsLock, KeyModifiers::NONE), None);
        assert_eq!(translate(Event::FocusGained), None);
        let mut released = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
        released.kind = KeyEventKind::Release;
        assert_eq!(translate(Event::Key(released)), None);
    }
}
