//! The main states at the sizes that matter.

use crate::test_support::*;

#[test]
fn an_evening_at_every_size() {
    for (width, height) in [
        (120, 40),
        (80, 24),
        (50, 20),
        (40, 12),
        (30, 10),
        (20, 5),
        (20, 4),
        (12, 3),
    ] {
        let mut screen = Screen::evening(width, height);
        screen.types("that's not how cars work");
        insta::assert_snapshot!(format!("evening_{width}x{height}"), screen.picture());
    }
}
