//! Times as the reference writes them.

use super::render::number;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time that stands for none.
pub const ZERO: &str = "0001-01-01T00:00:00Z";

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Year, month, day of a day since 1970, in the Gregorian calendar.
fn date(days: u64) -> (u64, u64, u64) {
    // Counting from 1 March of year 0, so that the leap day is the last of its year.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + u64::from(month <= 2), month, day)
}

fn parts(time: SystemTime) -> (String, String, u32) {
    let since = since_1970(time);
    let seconds = since.as_secs();
    let (year, month, day) = date(seconds / 86_400);
    let of_day = seconds % 86_400;
    let date = format!("{year:04}-{month:02}-{day:02}");
    (date, format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60), since.subsec_nanos())
}

/// RFC 3339 with as many digits as the time needs: `2026-01-31T12:00:00.5Z`.
pub fn rfc3339(time: SystemTime) -> String {
    let (date, clock, nanos) = parts(time);
    let fraction = format!("{nanos:09}");
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{date}T{clock}{dot}{fraction}Z")
}

/// As in the text of the history: `2026-01-31 12:00:00.5 +0000 UTC`, to the millisecond.
pub fn in_log(time: SystemTime) -> String {
    let (date, clock, nanos) = parts(time);
    let fraction = format!("{:03}", nanos / 1_000_000);
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{date} {clock}{dot}{fraction} +0000 UTC")
}

/// Nanoseconds since 1970.
pub fn nanoseconds(time: SystemTime) -> u128 {
    since_1970(time).as_nanos()
}

/// The time that an argument gives in nanoseconds since 1970.
///
/// # Errors
/// It is no number, or too far away.
pub fn at(arguments: &[(String, String)], name: &str) -> Result<Option<SystemTime>, String> {
    let nanoseconds = number::<u64>(arguments, name)?;
    let time = |nanoseconds| {
        UNIX_EPOCH
            .checked_add(Duration::from_nanos(nanoseconds))
            .ok_or_else(|| format!("argument {name} is {nanoseconds}: that time is too far away"))
    };
    nanoseconds.map(time).transpose()
}

/// A duration to the millisecond, as Go prints it: `0s`, `12ms`, `1.5s`, `2m3s`.
pub fn duration(time: Duration) -> String {
    let millis = time.as_millis();
    let decimal = |value: u128, unit: u128| {
        let fraction = format!("{:03}", value % unit * 1000 / unit);
        let fraction = fraction.trim_end_matches('0');
        let dot = if fraction.is_empty() { "" } else { "." };
        format!("{}{dot}{fraction}", value / unit)
    };
    match millis {
        0 => "0s".to_owned(),
        1..1000 => format!("{millis}ms"),
        1000..60_000 => format!("{}s", decimal(millis, 1000)),
        _ if millis < 3_600_000 => format!("{}m{}s", millis / 60_000, decimal(millis % 60_000, 1000)),
        _ => format!("{}h{}m{}s", millis / 3_600_000, millis / 60_000 % 60, decimal(millis % 60_000, 1000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_go_does() {
        let at = |seconds, nanos| UNIX_EPOCH + Duration::new(seconds, nanos);
        assert_eq!(rfc3339(at(0, 0)), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(at(1_795_332_611, 4_731_530)), "2026-11-22T07:30:11.00473153Z");
        assert_eq!(rfc3339(at(951_782_400, 0)), "2000-02-29T00:00:00Z");
        assert_eq!(in_log(at(1_795_332_611, 4_731_530)), "2026-11-22 07:30:11.004 +0000 UTC");
    }

    #[test]
    fn durations_are_written_as_go_does() {
        let text = |millis| duration(Duration::from_millis(millis));
        assert_eq!(
            [text(0), text(12), text(1500), text(123_000), text(3_661_001)],
            ["0s", "12ms", "1.5s", "2m3s", "1h1m1.001s"]
        );
    }
}
