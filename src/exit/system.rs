//! Errors of the system in the words that people read.

use std::error::Error;
use std::io;
use std::path::Path;

use watchtogether_tui::msg;

use crate::private_files::{self, Distrust, UntrustedPath};

/// Returns why the system, or a check of this program, refused something.
pub fn system_reason(error: &io::Error) -> String {
    UntrustedPath::of(error).map_or_else(|| private_files::reason(error), untrusted)
}

/// Returns the line about an error that is the cause of a failure, in full, as the system describes it.
pub(super) fn cause(error: &(dyn Error + 'static)) -> String {
    let refused = error.downcast_ref::<io::Error>().and_then(UntrustedPath::of);
    refused.map_or_else(|| error.to_string(), untrusted)
}

fn untrusted(refused: &UntrustedPath) -> String {
    let path = shown(&refused.path);
    match refused.reason {
        Distrust::NotAFolder => msg!("untrusted-not-a-folder", path = path),
        Distrust::NotAFile => msg!("untrusted-not-a-file", path = path),
        Distrust::LinkedFolder => msg!("untrusted-linked-folder", path = path),
        Distrust::WritableByOthers => msg!("untrusted-writable", path = path),
        Distrust::OtherOwner(uid) => msg!("untrusted-owner", path = path, uid = uid.to_string()),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_folder_that_others_may_write_to_comes_with_the_command_that_closes_it() {
        let base = tempfile::tempdir().expect("a folder");
        fs::set_permissions(base.path(), fs::Permissions::from_mode(0o777)).expect("it is ours");
        let error = private_files::open_folder(base.path()).expect_err("it is refused");

        let path = base.path().display();
        let text = format!("other users can write to {path}: run chmod 700 {path}");
        assert_eq!(system_reason(&error), text);
        assert_eq!(cause(&error), text);
    }
}
