//! The figures as a table, with what they may grow to.

use serde_json::Value;
use std::fmt::Write;

/// A figure: its name, what it is, and whether it is a sum over all values.
const ROWS: [(&str, &str, bool); 14] = [
    ("keys_s", "compute the keys, s", true),
    ("create_s", "create all, s", true),
    ("load_s", "  load, s by the wall", true),
    ("plan_s", "  plan, s by the wall", true),
    ("execute_s", "  execute, s by the wall", true),
    ("resync_s", "resync without change, s", true),
    ("statuses_s", "all statuses, s", true),
    ("snapshot_s", "snapshot, s", true),
    ("add_us", "add one, us", false),
    ("change_us", "change one, us", false),
    ("remove_us", "remove one, us", false),
    ("key_bytes", "key, bytes", false),
    ("bytes", "memory per value, bytes", false),
    ("idle_percent", "taken by others, %", false),
];

/// One line per figure, one column per size, then how it grew from each size to the next: per value where the figure is
/// a sum over all. `N log N` is what that growth would be for N log N.
pub fn table(columns: &[(usize, Value)]) -> String {
    let mut text = format!("{:<26}", "values");
    columns.iter().for_each(|(n, _)| _ = write!(text, "{n:>11}"));
    let steps = columns.windows(2);
    steps.clone().for_each(|pair| text += &format!("{:>11}", format!("x{}", pair[1].0 / pair[0].0)));
    text.push('\n');
    for (name, what, sum) in ROWS {
        _ = write!(text, "{what:<26}");
        for (_, figures) in columns {
            let figure = figures[name].as_f64().unwrap_or(f64::NAN);
            let digits = if name.ends_with("_s") { 4 } else { 1 };
            _ = write!(text, "{figure:>11.digits$}");
        }
        for pair in steps.clone() {
            let per = |(n, figures): &(usize, Value)| {
                let figure = figures[name].as_f64().unwrap_or(f64::NAN);
                if sum { figure / *n as f64 } else { figure }
            };
            _ = write!(text, "{:>11.2}", per(&pair[1]) / per(&pair[0]));
        }
        text.push('\n');
    }
    _ = write!(text, "{:<26}{:>width$}", "N log N", "", width = 11 * columns.len());
    steps.for_each(|pair| text += &format!("{:>11.2}", (pair[1].0 as f64).ln() / (pair[0].0 as f64).ln()));
    text.push('\n');
    text
}
