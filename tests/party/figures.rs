//! Prints figures with their goals, as the other benches do.

/// The factor by which a goal may be missed without failing, because machines differ. Goals of zero have no tolerance.
const SLACK: f64 = 1.2;

/// The figures measured so far.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    missed: Vec<String>,
}

impl Figures {
    /// Prints a figure; a value above its goal is a miss.
    pub(crate) fn say(&mut self, figure: &str, value: f64, goal: f64, unit: &str) {
        let verdict = if value <= goal {
            ""
        } else if value <= goal * SLACK {
            "missed"
        } else {
            self.missed.push(figure.to_owned());
            "MISSED"
        };
        line(&format!("{figure:<62}{value:>9.2}{goal:>8} {unit:<6}{verdict}"));
    }

    /// Prints a figure that has no goal.
    pub(crate) fn print(figure: &str, value: f64, unit: &str) {
        line(&format!("{figure:<62}{value:>9.2}{:>8} {unit}", ""));
    }

    /// Ends the bench; panics if a goal was missed by more than a fifth.
    pub(crate) fn finish(self) {
        assert!(
            self.missed.is_empty(),
            "missed by more than a fifth: {:?}",
            self.missed
        );
    }
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn line(text: &str) {
    println!("{text}");
}
