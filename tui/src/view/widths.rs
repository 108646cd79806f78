//! The widths at which the picture is laid out otherwise.

/// From here on the people have a column of their own.
pub(super) const SIDE_COLUMNS: u16 = 72;
/// From here on that column is wide, and lines of chat show where the film was.
pub(super) const WIDE_COLUMNS: u16 = 100;
/// The cells of the narrow side column.
pub(super) const SIDE: u16 = 26;
/// The cells of the wide one.
pub(super) const SIDE_WIDE: u16 = 40;
