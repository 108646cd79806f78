//! libmpv, loaded at run time: the functions that we use, and safe calls around them.
//!
//! All `unsafe` code of the player is here. Only client API 2.0 is used (mpv 0.35), so that it works with the oldest library
//! still in use. Data from the library is copied before the next call. [`MpvEvents`] is the only way to wait for an event and
//! cannot be cloned, so no event is used after the next call.

#![expect(
    unsafe_code,
    reason = "calls into a C library; each block states why it is sound"
)]

use std::ffi::{CStr, CString, c_char, c_double, c_int, c_uint, c_ulong, c_void};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, ptr};

use libloading::Library;
use libloading::os::unix;

/// The names under which the library is searched for, best first.
pub const LIBRARY_NAMES: &[&str] = if cfg!(target_os = "macos") {
    &[
        "libmpv.2.dylib",
        "/opt/homebrew/lib/libmpv.2.dylib",
        "/usr/local/lib/libmpv.2.dylib",
    ]
} else {
    &["libmpv.so.2", "libmpv.so"]
};

/// The client API of the functions below; a different major version is incompatible.
pub const API_MAJOR: c_ulong = 2;

/// Declares the table of functions, and how it is filled from a library.
macro_rules! functions {
    ($($name:ident: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions of the library that we use; a test compares their types with the maintained bindings.
        #[derive(Debug)]
        pub struct Functions {
            $(
                #[doc = concat!("`mpv_", stringify!($name), "` of mpv's client.h.")]
                pub $name: unsafe extern "C" fn($($argument),*) $(-> $result)?,
            )*
        }

        impl Functions {
            /// Fills the table. The library is never unloaded, because its threads and exit handlers run its code after the last
            /// player is gone.
            fn of(library: Library) -> Result<Self, libloading::Error> {
                let library = ManuallyDrop::new(library);
                Ok(Self {
                    $(
                        // SAFETY: the type is the one that client.h gives this name, in all of API 2.
                        $name: *unsafe { library.get(concat!("mpv_", stringify!($name), "\0").as_bytes()) }?,
                    )*
                })
            }
        }
    };
}

functions! {
    client_api_version: fn() -> c_ulong;
    error_string: fn(c_int) -> *const c_char;
    free: fn(*mut c_void);
    create: fn() -> *mut Handle;
    initialize: fn(*mut Handle) -> c_int;
    terminate_destroy: fn(*mut Handle);
    set_option_string: fn(*mut Handle, *const c_char, *const c_char) -> c_int;
    command: fn(*mut Handle, *mut *const c_char) -> c_int;
    command_async: fn(*mut Handle, u64, *mut *const c_char) -> c_int;
    set_property: fn(*mut Handle, *const c_char, c_uint, *mut c_void) -> c_int;
    set_property_string: fn(*mut Handle, *const c_char, *const c_char) -> c_int;
    get_property: fn(*mut Handle, *const c_char, c_uint, *mut c_void) -> c_int;
    get_property_string: fn(*mut Handle, *const c_char) -> *mut c_char;
    observe_property: fn(*mut Handle, u64, *const c_char, c_uint) -> c_int;
    request_log_messages: fn(*mut Handle, *const c_char) -> c_int;
    wait_event: fn(*mut Handle, c_double) -> *mut RawEvent;
}

/// `mpv_handle`, which only the library can look into.
#[repr(C)]
#[derive(Debug)]
pub struct Handle {
    _opaque: [u8; 0],
}

/// `mpv_event`.
#[repr(C)]
#[derive(Debug)]
pub struct RawEvent {
    /// One of the `EVENT_` numbers, or a newer one.
    pub id: c_uint,
    /// The result of a request, in replies.
    pub error: c_int,
    /// The number of the request, in replies.
    pub reply_userdata: u64,
    /// The event's data, depending on its number.
    pub data: *mut c_void,
}

/// `mpv_event_log_message`.
#[repr(C)]
#[derive(Debug)]
pub struct RawLogMessage {
    /// The part of the player that wrote the line.
    pub prefix: *const c_char,
    /// The level as a word.
    pub level: *const c_char,
    /// The line with its line break.
    pub text: *const c_char,
    /// The level as a number.
    pub log_level: c_uint,
}

/// `mpv_event_start_file`.
#[repr(C)]
#[derive(Debug)]
pub struct RawStartFile {
    /// The playlist entry that is being opened.
    pub playlist_entry_id: i64,
}

/// `mpv_event_end_file`.
#[repr(C)]
#[derive(Debug)]
pub struct RawEndFile {
    /// One of the `END_FILE_` numbers.
    pub reason: c_uint,
    /// The error, if that is the reason.
    pub error: c_int,
    /// The playlist entry that ended.
    pub playlist_entry_id: i64,
    /// The first of the entries that replace it, if it was a playlist itself.
    pub playlist_insert_id: i64,
    /// The number of those entries.
    pub playlist_insert_num_entries: c_int,
}

/// `mpv_node`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RawNode {
    /// The value.
    pub value: RawNodeValue,
    /// The `FORMAT_` number of the value.
    pub format: c_uint,
}

/// The union inside `mpv_node`.
#[repr(C)]
#[derive(Clone, Copy)]
pub union RawNodeValue {
    /// With [`FORMAT_INT64`].
    pub int64: i64,
    /// With [`FORMAT_NODE_MAP`].
    pub list: *mut RawNodeList,
    /// With `FORMAT_DOUBLE`.
    pub double: c_double,
}

impl fmt::Debug for RawNodeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawNodeValue")
    }
}

/// `mpv_node_list`.
#[repr(C)]
#[derive(Debug)]
pub struct RawNodeList {
    /// The number of values.
    pub num: c_int,
    /// The values.
    pub values: *mut RawNode,
    /// The names of the values.
    pub keys: *mut *mut c_char,
}

/// A change of a property is reported without its value.
pub const FORMAT_NONE: c_uint = 0;
/// A C `int`, 0 or 1.
pub const FORMAT_FLAG: c_uint = 3;
/// An `int64_t`.
pub const FORMAT_INT64: c_uint = 4;
/// A `double`.
pub const FORMAT_DOUBLE: c_uint = 5;
/// A map of names to nodes.
pub const FORMAT_NODE_MAP: c_uint = 8;

/// Nothing happened within the time to wait.
pub const EVENT_NONE: c_uint = 0;
/// The player has ended, closed by the user or by us.
pub const EVENT_SHUTDOWN: c_uint = 1;
/// A line of the log.
pub const EVENT_LOG_MESSAGE: c_uint = 2;
/// An asynchronous command is done; for a seek this means that it is queued.
pub const EVENT_COMMAND_REPLY: c_uint = 5;
/// An entry of the playlist is about to be opened.
pub const EVENT_START_FILE: c_uint = 6;
/// An entry ended, or could not be opened.
pub const EVENT_END_FILE: c_uint = 7;
/// Its headers have been read.
pub const EVENT_FILE_LOADED: c_uint = 8;
/// A seek begins.
pub const EVENT_SEEK: c_uint = 20;
/// The first frame after opening or seeking is there.
pub const EVENT_PLAYBACK_RESTART: c_uint = 21;
/// An observed property changed.
pub const EVENT_PROPERTY_CHANGE: c_uint = 22;

/// It could not be opened, or an error occurred.
pub const END_FILE_ERROR: c_uint = 4;
/// It was a list of others.
pub const END_FILE_REDIRECT: c_uint = 5;

/// The log level of errors; smaller numbers are worse.
pub const LOG_LEVEL_ERROR: c_uint = 20;

/// There is no such option.
pub const ERROR_OPTION_NOT_FOUND: c_int = -5;

/// Why libmpv cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// None of the [`LIBRARY_NAMES`] can be loaded.
    #[error("libmpv cannot be loaded: {0}")]
    Missing(#[source] libloading::Error),
    /// The library lacks a function.
    #[error("libmpv is not complete: {0}")]
    Incomplete(#[source] libloading::Error),
    /// The library has another version of the API.
    #[error("libmpv has client API {major}.{minor}, and 2 is needed")]
    WrongVersion {
        /// The major version.
        major: c_ulong,
        /// The minor version.
        minor: c_ulong,
    },
    /// The library created no player.
    #[error("libmpv could not make a player: out of memory, or LC_NUMERIC is not C")]
    NoHandle,
}

/// An error code of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub c_int);

impl Code {
    /// The file or the link could not be read.
    pub const LOADING_FAILED: Self = Self(-13);
    /// It contains neither picture nor sound.
    pub const NOTHING_TO_PLAY: Self = Self(-16);
    /// The format is unknown.
    pub const UNKNOWN_FORMAT: Self = Self(-17);
}

/// An event, copied out of the library's memory.
#[derive(Debug, PartialEq)]
pub enum MpvEvent {
    /// The player has ended.
    Shutdown,
    /// A line of the log.
    Log {
        /// The part of the player that wrote it.
        prefix: String,
        /// The text.
        text: String,
        /// Whether it is an error rather than a warning.
        is_error: bool,
    },
    /// A command is done.
    CommandReply {
        /// The command's number.
        id: u64,
        /// The result.
        result: Result<(), Code>,
        /// The playlist entry that it created.
        entry: Option<i64>,
    },
    /// A file is about to be opened.
    StartFile {
        /// The playlist entry.
        entry: i64,
    },
    /// A file ended, or could not be opened.
    EndFile {
        /// The playlist entry.
        entry: i64,
        /// One of the `END_FILE_` numbers.
        reason: c_uint,
        /// The error, if that is the reason.
        error: Code,
        /// The entries that replace it: the first and their number.
        replaced_by: (i64, c_int),
    },
    /// A file's headers are read.
    FileLoaded,
    /// A seek begins.
    Seek,
    /// The first frame after opening or seeking is there.
    PlaybackRestart,
    /// An observed property changed.
    PropertyChange {
        /// The number under which it is observed.
        watch: u64,
    },
    /// An event that we do not use.
    Other,
}

/// A player of the library. Its functions may be called from any thread.
#[derive(Debug)]
pub struct Core {
    functions: Functions,
    handle: *mut Handle,
}

// SAFETY: client.h: "The client API is generally fully thread-safe"; the handle is only destroyed with its last owner.
unsafe impl Send for Core {}
// SAFETY: as above; the one exception, mpv_wait_event, is only reachable through `MpvEvents`, which has one owner.
unsafe impl Sync for Core {}

impl Core {
    /// Loads the library and creates a player that is not initialised yet, with its source of events.
    pub fn create() -> Result<(Arc<Self>, MpvEvents), LoadError> {
        let functions = Functions::of(load_library()?).map_err(LoadError::Incomplete)?;
        // SAFETY: it takes nothing and only returns a number.
        let version = unsafe { (functions.client_api_version)() };
        let (major, minor) = (version >> 16, version & 0xffff);
        if major != API_MAJOR {
            return Err(LoadError::WrongVersion { major, minor });
        }
        // SAFETY: it takes nothing; null is checked below.
        let handle = unsafe { (functions.create)() };
        if handle.is_null() {
            return Err(LoadError::NoHandle);
        }
        let core = Arc::new(Self { functions, handle });
        Ok((Arc::clone(&core), MpvEvents { core }))
    }

    /// Starts the player with the options that were set.
    pub fn initialise(&self) -> Result<(), Code> {
        // SAFETY: the handle lives as long as `self`.
        check(unsafe { (self.functions.initialize)(self.handle) })
    }

    /// Sets an option, as the command line does.
    pub fn set_option(&self, name: &CStr, value: &CStr) -> Result<(), Code> {
        let (name, value) = (name.as_ptr(), value.as_ptr());
        // SAFETY: the handle lives as long as `self`; both strings live until the call returns and are copied.
        check(unsafe { (self.functions.set_option_string)(self.handle, name, value) })
    }

    /// Sets a property from text. Returns when it is set.
    pub fn set_string(&self, name: &CStr, value: &CStr) -> Result<(), Code> {
        let (name, value) = (name.as_ptr(), value.as_ptr());
        // SAFETY: the handle lives as long as `self`; both strings live until the call returns and are copied.
        check(unsafe { (self.functions.set_property_string)(self.handle, name, value) })
    }

    /// Sets a property that is yes or no. Returns when it is set.
    pub fn set_flag(&self, name: &CStr, value: bool) -> Result<(), Code> {
        self.set(name, FORMAT_FLAG, ptr::from_mut(&mut c_int::from(value)).cast())
    }

    /// Sets a property that is a number. Returns when it is set.
    pub fn set_double(&self, name: &CStr, mut value: f64) -> Result<(), Code> {
        self.set(name, FORMAT_DOUBLE, ptr::from_mut(&mut value).cast())
    }

    /// Runs a command, and returns when it is done. The arguments are taken literally: nothing in them is expanded.
    pub fn command(&self, args: &[CString]) -> Result<(), Code> {
        let mut args = null_terminated(args);
        // SAFETY: the handle lives as long as `self`; the array ends with null, and it and its strings outlive the call.
        check(unsafe { (self.functions.command)(self.handle, args.as_mut_ptr()) })
    }

    /// Starts a command; its reply has the number `id`.
    pub fn command_async(&self, id: u64, args: &[CString]) -> Result<(), Code> {
        let mut args = null_terminated(args);
        // SAFETY: the handle lives as long as `self`; the array ends with null, and the library copies all of it.
        check(unsafe { (self.functions.command_async)(self.handle, id, args.as_mut_ptr()) })
    }

    /// Requests an event with the number `watch` whenever a property changes.
    pub fn observe(&self, watch: u64, name: &CStr) -> Result<(), Code> {
        // SAFETY: the handle lives as long as `self`; the name is copied.
        check(unsafe { (self.functions.observe_property)(self.handle, watch, name.as_ptr(), FORMAT_NONE) })
    }

    /// Requests log lines of a level and above.
    pub fn request_log(&self, level: &CStr) -> Result<(), Code> {
        // SAFETY: the handle lives as long as `self`; the level is only read.
        check(unsafe { (self.functions.request_log_messages)(self.handle, level.as_ptr()) })
    }

    /// Returns a property that is yes or no.
    pub fn flag(&self, name: &CStr) -> Result<bool, Code> {
        let mut value: c_int = 0;
        self.get(name, FORMAT_FLAG, ptr::from_mut(&mut value).cast())?;
        Ok(value != 0)
    }

    /// Returns a property that is a whole number.
    pub fn int(&self, name: &CStr) -> Result<i64, Code> {
        let mut value = 0_i64;
        self.get(name, FORMAT_INT64, ptr::from_mut(&mut value).cast())?;
        Ok(value)
    }

    /// Returns a property that is a number.
    pub fn double(&self, name: &CStr) -> Result<f64, Code> {
        let mut value = 0_f64;
        self.get(name, FORMAT_DOUBLE, ptr::from_mut(&mut value).cast())?;
        Ok(value)
    }

    /// Returns a property as text, if it has a value.
    pub fn string(&self, name: &CStr) -> Option<CString> {
        // SAFETY: the handle lives as long as `self`; the name is only read.
        let text = unsafe { (self.functions.get_property_string)(self.handle, name.as_ptr()) };
        if text.is_null() {
            return None;
        }
        // SAFETY: not null, hence a string of the library's that stays until it is freed below.
        let copy = unsafe { CStr::from_ptr(text) }.to_owned();
        // SAFETY: the library made it for us to free, and it is not used afterwards.
        unsafe { (self.functions.free)(text.cast()) };
        Some(copy)
    }

    /// Returns mpv's description of an error code.
    pub fn error_text(&self, code: Code) -> String {
        // SAFETY: any number is allowed.
        let text = unsafe { (self.functions.error_string)(code.0) };
        text_of(text)
    }

    fn set(&self, name: &CStr, format: c_uint, value: *mut c_void) -> Result<(), Code> {
        // SAFETY: the handle lives as long as `self`; the callers above hand in a value of that format.
        check(unsafe { (self.functions.set_property)(self.handle, name.as_ptr(), format, value) })
    }

    fn get(&self, name: &CStr, format: c_uint, value: *mut c_void) -> Result<(), Code> {
        // SAFETY: the handle lives as long as `self`; the callers above hand in room for that format.
        check(unsafe { (self.functions.get_property)(self.handle, name.as_ptr(), format, value) })
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        // SAFETY: this was the last owner, so nobody else calls or waits on the handle, now or later.
        unsafe { (self.functions.terminate_destroy)(self.handle) };
    }
}

/// The source of a player's events; there is one for each player.
#[derive(Debug)]
pub struct MpvEvents {
    core: Arc<Core>,
}

impl MpvEvents {
    /// Waits for the next event.
    pub fn wait(&mut self) -> MpvEvent {
        owned(self.next(-1.0))
    }

    /// Returns the next event, or `None` if none arrives within `timeout`.
    pub fn poll(&mut self, timeout: Duration) -> Option<MpvEvent> {
        let event = self.next(timeout.as_secs_f64());
        (event.id != EVENT_NONE).then(|| owned(event))
    }

    /// Waits for the next event for this many seconds, or forever if negative.
    fn next(&mut self, seconds: c_double) -> &RawEvent {
        // SAFETY: the handle lives as long as `core`; `&mut self` of the only `MpvEvents` keeps this to one thread.
        let event = unsafe { (self.core.functions.wait_event)(self.core.handle, seconds) };
        // SAFETY: never null, and valid until the next call, which needs `&mut self` again.
        unsafe { &*event }
    }
}

fn load_library() -> Result<Library, LoadError> {
    let mut first = None;
    for name in LIBRARY_NAMES {
        // Global, as the symbols of the mpv program are: its C plugins call mpv_* functions without linking to libmpv.
        // SAFETY: libmpv's initialisers only set up its own libraries.
        match unsafe { unix::Library::open(Some(name), unix::RTLD_NOW | unix::RTLD_GLOBAL) } {
            Ok(library) => return Ok(library.into()),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(LoadError::Missing(first.expect("there is at least one name")))
}

fn check(code: c_int) -> Result<(), Code> {
    if code < 0 { Err(Code(code)) } else { Ok(()) }
}

fn null_terminated(args: &[CString]) -> Vec<*const c_char> {
    args.iter()
        .map(|word| word.as_ptr())
        .chain([ptr::null()])
        .collect()
}

fn owned(event: &RawEvent) -> MpvEvent {
    match event.id {
        EVENT_SHUTDOWN => MpvEvent::Shutdown,
        EVENT_FILE_LOADED => MpvEvent::FileLoaded,
        EVENT_SEEK => MpvEvent::Seek,
        EVENT_PLAYBACK_RESTART => MpvEvent::PlaybackRestart,
        EVENT_PROPERTY_CHANGE => MpvEvent::PropertyChange {
            watch: event.reply_userdata,
        },
        EVENT_COMMAND_REPLY => MpvEvent::CommandReply {
            id: event.reply_userdata,
            result: check(event.error),
            entry: entry_of(event),
        },
        EVENT_LOG_MESSAGE => {
            // SAFETY: with this number the data is a log message, valid until the next wait.
            let message = unsafe { &*event.data.cast::<RawLogMessage>() };
            MpvEvent::Log {
                prefix: text_of(message.prefix),
                text: text_of(message.text),
                is_error: message.log_level <= LOG_LEVEL_ERROR,
            }
        }
        EVENT_START_FILE => {
            // SAFETY: with this number the data is a start of a file, valid until the next wait.
            let start = unsafe { &*event.data.cast::<RawStartFile>() };
            MpvEvent::StartFile {
                entry: start.playlist_entry_id,
            }
        }
        EVENT_END_FILE => {
            // SAFETY: with this number the data is an end of a file, valid until the next wait.
            let end = unsafe { &*event.data.cast::<RawEndFile>() };
            MpvEvent::EndFile {
                entry: end.playlist_entry_id,
                reason: end.reason,
                error: Code(end.error),
                replaced_by: (end.playlist_insert_id, end.playlist_insert_num_entries),
            }
        }
        _ => MpvEvent::Other,
    }
}

/// Returns the `playlist_entry_id` in the reply to `loadfile`.
fn entry_of(reply: &RawEvent) -> Option<i64> {
    let result = reply.data.cast::<RawNode>();
    if result.is_null() {
        return None;
    }
    // SAFETY: a command's reply carries a node (the only field of `mpv_event_command`), valid until the next wait.
    let result = unsafe { &*result };
    if result.format != FORMAT_NODE_MAP {
        return None;
    }
    // SAFETY: with this format the list is the member that is set.
    let list = unsafe { result.value.list };
    // SAFETY: a map's list is never null and lives as long as its node.
    let list = unsafe { &*list };
    (0..usize::try_from(list.num).ok()?).find_map(|index| {
        // SAFETY: there are `num` keys.
        let key = unsafe { list.keys.add(index) };
        // SAFETY: the pointer is inside the array of keys.
        let key = unsafe { *key };
        // SAFETY: there are `num` values.
        let value = unsafe { list.values.add(index) };
        // SAFETY: the pointer is inside the array of values.
        let value = unsafe { &*value };
        if text_of(key) != "playlist_entry_id" || value.format != FORMAT_INT64 {
            return None;
        }
        // SAFETY: with this format the whole number is the member that is set.
        Some(unsafe { value.value.int64 })
    })
}

fn text_of(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: not null, and all strings of the library end with a null.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
}
