//! The widths at which the layout changes.

/// The width from which the people panel has its own column.
pub(super) const SIDE_COLUMNS: u16 = 72;
/// The width from which that column is wide and chat lines show the film's position.
pub(super) const WIDE_COLUMNS: u16 = 100;
/// The width of the narrow side column.
pub(super) const SIDE: u16 = 26;
/// The width of the wide side column.
pub(super) const SIDE_WIDE: u16 = 40;
