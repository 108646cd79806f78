//! Figures beside their goals, as the other benches print them.

/// A goal that is missed by no more than this factor fails nothing: the machine has its moods. Goals of nothing are met
/// or missed.
const SLACK: f64 = 1.2;

/// What was measured so far.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    missed: Vec<String>,
}

impl Figures {
    /// Prints a figure; more than its goal is a miss.
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
    pub(crate) fn tell(figure: &str, value: f64, unit: &str) {
        line(&format!("{figure:<62}{value:>9.2}{:>8} {unit}", ""));
    }

    /// Ends; panics where a goal was missed by more than a fifth.
    pub(crate) fn finish(self) {
        assert!(
            self.missed.is_empty(),
            "missed by more than a fifth: {:?}",
            self.missed
        );
    }
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn line(text: &str) {
    println!("{text}");
}
