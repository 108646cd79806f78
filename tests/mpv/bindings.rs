//! Tests that the table of libmpv functions matches the maintained bindings. This is the only code that links libmpv.

use std::mem::offset_of;

use libmpv2_sys as sys;
use watchtogether::player::ffi;

/// Compares the types of two functions, which may differ only in the names of pointer targets. They must have the same number of
/// arguments, each of the same size or kind.
macro_rules! same {
    ($($name:ident: fn($($ours:ty => $theirs:ty),*) $(-> $our_result:ty => $their_result:ty)?, $function:path;)*) => {
        $(
            let _: fn(&ffi::Functions) -> unsafe extern "C" fn($($ours),*) $(-> $our_result)? =
                |functions| functions.$name;
            let _: unsafe extern "C" fn($($theirs),*) $(-> $their_result)? = $function;
            $(assert_eq!(size_of::<$ours>(), size_of::<$theirs>(), stringify!($name));)*
            $(assert_eq!(size_of::<$our_result>(), size_of::<$their_result>(), stringify!($name));)?
        )*
    };
}

type Ours = *mut ffi::Handle;
type Theirs = *mut sys::mpv_handle;
type Text = *const std::ffi::c_char;
type Words = *mut *const std::ffi::c_char;
type Any = *mut std::ffi::c_void;
type Int = std::ffi::c_int;
type Uint = std::ffi::c_uint;
type Ulong = std::ffi::c_ulong;

#[test]
fn our_functions_are_those_of_the_maintained_bindings() {
    same! {
        client_api_version: fn() -> Ulong => Ulong, sys::mpv_client_api_version;
        error_string: fn(Int => Int) -> Text => Text, sys::mpv_error_string;
        free: fn(Any => Any), sys::mpv_free;
        create: fn() -> Ours => Theirs, sys::mpv_create;
        initialize: fn(Ours => Theirs) -> Int => Int, sys::mpv_initialize;
        terminate_destroy: fn(Ours => Theirs), sys::mpv_terminate_destroy;
        set_option_string: fn(Ours => Theirs, Text => Text, Text => Text) -> Int => Int, sys::mpv_set_option_string;
        command: fn(Ours => Theirs, Words => Words) -> Int => Int, sys::mpv_command;
        command_async: fn(Ours => Theirs, u64 => u64, Words => Words) -> Int => Int, sys::mpv_command_async;
        set_property: fn(Ours => Theirs, Text => Text, Uint => sys::mpv_format, Any => Any) -> Int => Int,
            sys::mpv_set_property;
        set_property_string: fn(Ours => Theirs, Text => Text, Text => Text) -> Int => Int,
            sys::mpv_set_property_string;
        get_property: fn(Ours => Theirs, Text => Text, Uint => sys::mpv_format, Any => Any) -> Int => Int,
            sys::mpv_get_property;
        get_property_string: fn(Ours => Theirs, Text => Text) -> *mut std::ffi::c_char => *mut std::ffi::c_char,
            sys::mpv_get_property_string;
        observe_property: fn(Ours => Theirs, u64 => u64, Text => Text, Uint => sys::mpv_format) -> Int => Int,
            sys::mpv_observe_property;
        request_log_messages: fn(Ours => Theirs, Text => Text) -> Int => Int, sys::mpv_request_log_messages;
        wait_event: fn(Ours => Theirs, f64 => f64) -> *mut ffi::RawEvent => *mut sys::mpv_event, sys::mpv_wait_event;
    }
}

#[test]
fn our_numbers_are_those_of_the_maintained_bindings() {
    let numbers = [
        (ffi::FORMAT_NONE, sys::mpv_format_MPV_FORMAT_NONE),
        (ffi::FORMAT_FLAG, sys::mpv_format_MPV_FORMAT_FLAG),
        (ffi::FORMAT_INT64, sys::mpv_format_MPV_FORMAT_INT64),
        (ffi::FORMAT_DOUBLE, sys::mpv_format_MPV_FORMAT_DOUBLE),
        (ffi::FORMAT_NODE_MAP, sys::mpv_format_MPV_FORMAT_NODE_MAP),
        (ffi::EVENT_SHUTDOWN, sys::mpv_event_id_MPV_EVENT_SHUTDOWN),
        (ffi::EVENT_LOG_MESSAGE, sys::mpv_event_id_MPV_EVENT_LOG_MESSAGE),
        (
            ffi::EVENT_COMMAND_REPLY,
            sys::mpv_event_id_MPV_EVENT_COMMAND_REPLY,
        ),
        (ffi::EVENT_START_FILE, sys::mpv_event_id_MPV_EVENT_START_FILE),
        (ffi::EVENT_END_FILE, sys::mpv_event_id_MPV_EVENT_END_FILE),
        (ffi::EVENT_FILE_LOADED, sys::mpv_event_id_MPV_EVENT_FILE_LOADED),
        (ffi::EVENT_SEEK, sys::mpv_event_id_MPV_EVENT_SEEK),
        (
            ffi::EVENT_PLAYBACK_RESTART,
            sys::mpv_event_id_MPV_EVENT_PLAYBACK_RESTART,
        ),
        (
            ffi::EVENT_PROPERTY_CHANGE,
            sys::mpv_event_id_MPV_EVENT_PROPERTY_CHANGE,
        ),
        (
            ffi::END_FILE_ERROR,
            sys::mpv_end_file_reason_MPV_END_FILE_REASON_ERROR,
        ),
        (
            ffi::END_FILE_REDIRECT,
            sys::mpv_end_file_reason_MPV_END_FILE_REASON_REDIRECT,
        ),
    ];

    assert_eq!(ffi::LOG_LEVEL_ERROR, sys::mpv_log_level_MPV_LOG_LEVEL_ERROR);
    for (ours, theirs) in numbers {
        assert_eq!(ours, theirs);
    }
    assert_eq!(
        ffi::ERROR_OPTION_NOT_FOUND,
        sys::mpv_error_MPV_ERROR_OPTION_NOT_FOUND
    );
}

/// Compares the offsets of fields.
macro_rules! same_layout {
    ($($ours:ident => $theirs:ident { $($our_field:ident => $their_field:ident),* })*) => {
        $(
            $(assert_eq!(
                offset_of!(ffi::$ours, $our_field),
                offset_of!(sys::$theirs, $their_field),
                stringify!($ours.$our_field)
            );)*
            assert_eq!(size_of::<ffi::$ours>(), size_of::<sys::$theirs>(), stringify!($ours));
        )*
    };
}

#[test]
fn our_records_lie_as_those_of_the_maintained_bindings() {
    same_layout! {
        RawEvent => mpv_event { id => event_id, error => error, reply_userdata => reply_userdata, data => data }
        RawLogMessage => mpv_event_log_message {
            prefix => prefix, level => level, text => text, log_level => log_level
        }
        RawStartFile => mpv_event_start_file { playlist_entry_id => playlist_entry_id }
        RawEndFile => mpv_event_end_file {
            reason => reason, error => error, playlist_entry_id => playlist_entry_id,
            playlist_insert_id => playlist_insert_id, playlist_insert_num_entries => playlist_insert_num_entries
        }
        RawNode => mpv_node { value => u, format => format }
        RawNodeList => mpv_node_list { num => num, values => values, keys => keys }
    }
    assert_eq!(offset_of!(sys::mpv_event_command, result), 0);
}
