//! Points in time as people read them.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// `2026-11-22 07:30:55 UTC`, from seconds since 1970.
pub fn utc(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// Year, month and day of the day with this number, counted from 1970.
fn date(days: u64) -> (u64, u64, u64) {
    // Years are counted from March, so that the leap day is the last day of a year; 400 years are a full turn.
    let shifted = days + 719_468; // days from 0000-03-01 to 1970-01-01
    let (turn, in_turn) = (shifted / 146_097, shifted % 146_097);
    let year = (in_turn - in_turn / 1460 + in_turn / 36_524 - in_turn / 146_096) / 365;
    let in_year = in_turn - (365 * year + year / 4 - year / 100);
    let march_based = (5 * in_year + 2) / 153;
    let day = in_year - (153 * march_based + 2) / 5 + 1;
    let month = if march_based < 10 { march_based + 3 } else { march_based - 9 };
    (turn * 400 + year + u64::from(month <= 2), month, day)
}

/// `5m`: the span in its largest whole unit.
pub fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (951_868_799, "2000-02-29 23:59:59 UTC"),
            (951_868_800, "2000-03-01 00:00:00 UTC"),
            (1_735_689_599, "2024-12-31 23:59:59 UTC"),
            (1_795_332_655, "2026-11-22 07:30:55 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
        ] {
            assert_eq!(utc(seconds), expected);
        }
    }

    #[test]
    fn spans_use_the_largest_whole_unit() {
        let spans = [0, 59, 60, 3599, 3600, 86_399, 86_400, 864_000].map(span);
        assert_eq!(spans, ["0s", "59s", "1m", "59m", "1h", "23h", "1d", "10d"]);
    }
}
