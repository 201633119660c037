//! Points in time as people read them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub fn now() -> u64 {
    since_1970().as_secs()
}

/// Time since 1970.
pub fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
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

/// Time since 1970 of a time as JSON has it, such as `2026-11-22T07:30:11.681395539Z` or one with `+01:00` at its
/// end. `None` when it is none, or before 1970.
pub fn from_rfc3339(text: &str) -> Option<Duration> {
    let (date, rest) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let zone = rest.find(['Z', '+', '-'])?;
    let (time, zone) = rest.split_at(zone);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(time, ':')?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let nanoseconds: u32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let ahead = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign, zone) => {
            let [hours, minutes] = numbers(zone, ':')?;
            (hours * 3600 + minutes * 60) * if sign == "-" { -1 } else { 1 }
        }
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - ahead;
    Some(Duration::new(u64::try_from(seconds).ok()?, nanoseconds))
}

/// The numbers of a text, no longer than four digits each.
fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let number = |part: &str| -> Option<i64> {
        let digits = part.bytes().all(|digit| digit.is_ascii_digit()) && part.len() <= 4;
        digits.then(|| part.parse().ok())?
    };
    let numbers: Vec<i64> = text.split(separator).map(number).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// Number of a day, counted from 1970.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // As in `date`: years begin in March.
    let year = if month > 2 { year } else { year - 1 };
    let march_based = (month + 9) % 12;
    let in_year = (153 * march_based + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + in_year - 719_468
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
    fn times_of_json_are_read() {
        for (text, seconds, nanoseconds) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("2000-02-29T23:59:59.5Z", 951_868_799, 500_000_000),
            ("2000-03-01T01:00:00+01:00", 951_868_800, 0),
            ("2026-11-22T02:00:55.000000001-05:30", 1_795_332_655, 1),
            ("2100-03-01T00:00:00.1234567899Z", 4_107_542_400, 123_456_789),
        ] {
            assert_eq!(from_rfc3339(text), Some(Duration::new(seconds, nanoseconds)), "{text}");
        }
        // The last one is the zero of Go's time.
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T07:30:11",
            "2026-13-22T07:30:11Z",
            "2026-11-22T07:30:11.Z",
            "2026-11-22T07:30:11.-1Z",
            "2026-11-22T7:30Z",
            "2026-11-22T07:30:11+1",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_turned_into_days_and_back() {
        for day in (0..50_000).step_by(7) {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year as i64, month as i64, of_month as i64), day as i64);
        }
    }

    #[test]
    fn spans_use_the_largest_whole_unit() {
        let spans = [0, 59, 60, 3599, 3600, 86_399, 86_400, 864_000].map(span);
        assert_eq!(spans, ["0s", "59s", "1m", "59m", "1h", "23h", "1d", "10d"]);
    }
}
