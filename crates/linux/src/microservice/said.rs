//! What a container engine says: its JSON, as far as it matters here. Pure.

use serde_json::Value;

/// A container that runs and bears a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The label.
    pub label: String,
    /// When the container was made.
    pub created: Time,
    /// When it was started, as the engine writes it.
    pub started: String,
    /// Its first process.
    pub pid: u32,
}

/// What became of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inspected {
    /// It runs and bears a label.
    Service(Service),
    /// It bears none, and never will.
    Unlabelled,
    /// It does not run, or is not there.
    Ended,
}

/// Seconds since 1970, and nanoseconds.
pub type Time = (i64, u32);

/// Names the label among the environment of a container.
const LABEL: &str = "MICROSERVICE_LABEL=";

/// The containers of a list.
pub fn list(said: &Value) -> Option<Vec<String>> {
    let ids = said.as_array()?.iter().filter_map(|container| container["Id"].as_str());
    Some(ids.filter(|id| is_id(id)).map(str::to_owned).collect())
}

/// One container.
pub fn inspected(said: &Value) -> Inspected {
    let environment = said["Config"]["Env"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let Some(label) = environment.filter_map(|variable| variable.strip_prefix(LABEL)).next_back() else {
        return Inspected::Unlabelled;
    };
    if label.is_empty() {
        return Inspected::Unlabelled;
    }
    let state = &said["State"];
    let pid = state["Pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).filter(|&pid| pid > 0);
    match pid.filter(|_| state["Running"].as_bool() == Some(true)) {
        None => Inspected::Ended,
        Some(pid) => Inspected::Service(Service {
            label: label.to_owned(),
            created: said["Created"].as_str().and_then(time).unwrap_or_default(),
            started: state["StartedAt"].as_str().unwrap_or_default().to_owned(),
            pid,
        }),
    }
}

/// What happens to a container when it begins or ceases to run. Of a signal nobody knows what it does.
const TURNS: &[&str] = &[
    "start", "restart", "unpause", "pause", "die", "died", "stop", "kill", "oom", "destroy", "remove",
    "cleanup",
];

/// The container that an event is about, if it may have begun or ceased to run.
pub fn event(said: &Value) -> Option<String> {
    let action = said["Action"].as_str().or_else(|| said["status"].as_str())?;
    let of_container = said["Type"].as_str().is_none_or(|kind| kind == "container");
    let id = said["Actor"]["ID"].as_str().or_else(|| said["id"].as_str())?;
    (of_container && TURNS.contains(&action) && is_id(id)).then(|| id.to_owned())
}

/// It goes into a path, so it is nothing else.
fn is_id(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A time as RFC 3339 writes it.
pub fn time(text: &str) -> Option<Time> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse::<i64>().ok()
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())),
        None => ("", rest),
    };
    let nanoseconds = format!("{:0<9}", fraction.get(..9).unwrap_or(fraction)).parse().ok()?;
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        (sign @ ("+" | "-"), offset) => {
            let (hours, minutes) = offset.split_once(':')?;
            let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
            let seconds = (hours.min(24) * 60 + minutes.min(60)) * 60;
            if sign == "+" { seconds } else { -seconds }
        }
        _ => return None,
    };
    // Days since 1970-03-01 begin the year in March, so that the day that leaps is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second - offset, nanoseconds))
}

/// Lines of JSON, from pieces as they come.
#[derive(Default)]
pub struct Lines(Vec<u8>);

/// A line is longer than any event.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLong;

impl Lines {
    /// The longest line.
    pub const LONGEST: usize = 1 << 20;

    /// The lines that end in this piece; one that is no JSON says nothing.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn take(&mut self, piece: &[u8]) -> Result<Vec<Value>, TooLong> {
        let mut lines = Vec::new();
        let mut parts = piece.split(|&byte| byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            if self.0.len() + part.len() > Self::LONGEST {
                return Err(TooLong);
            }
            self.0.extend(part);
            if parts.peek().is_some() {
                lines.extend(serde_json::from_slice(&self.0).ok());
                self.0.clear();
            }
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn container(env: &[&str], running: bool, pid: i64) -> Value {
        json!({
            "Id": "c1",
            "Created": "2024-05-06T07:08:09.5Z",
            "Config": { "Env": env },
            "State": { "Running": running, "Pid": pid, "StartedAt": "2024-05-06T07:08:10Z" },
        })
    }

    #[test]
    fn a_container_that_runs_and_has_a_label_is_a_microservice() {
        let service = Service {
            label: "ms1".into(),
            created: (1_714_979_289, 500_000_000),
            started: "2024-05-06T07:08:10Z".into(),
            pid: 17,
        };
        let env = ["PATH=/bin", "MICROSERVICE_LABEL=ms1"];
        assert_eq!(inspected(&container(&env, true, 17)), Inspected::Service(service));
        assert_eq!(inspected(&container(&env, false, 0)), Inspected::Ended);
        assert_eq!(inspected(&container(&env, true, 0)), Inspected::Ended);
        assert_eq!(inspected(&container(&env, true, -1)), Inspected::Ended);
        assert_eq!(inspected(&container(&["MICROSERVICE_LABEL="], true, 17)), Inspected::Unlabelled);
        assert_eq!(inspected(&container(&["A=MICROSERVICE_LABEL=x"], true, 17)), Inspected::Unlabelled);
        assert_eq!(inspected(&json!({ "State": "nonsense" })), Inspected::Unlabelled);
    }

    #[test]
    fn lists_name_containers() {
        let said = json!([{ "Id": "c1" }, { "Id": "../x" }, { "ID": "c2" }, 7, { "Id": "c3" }]);
        assert_eq!(list(&said), Some(vec!["c1".to_owned(), "c3".to_owned()]));
        assert_eq!(list(&json!({ "message": "no" })), None);
    }

    #[test]
    fn events_name_containers_that_may_have_begun_or_ended() {
        let docker = json!({ "Type": "container", "Action": "die", "Actor": { "ID": "c1" }, "time": 1 });
        assert_eq!(event(&docker), Some("c1".into()));
        assert_eq!(event(&json!({ "status": "start", "id": "c1" })), Some("c1".into()));
        for other in [
            json!({ "Type": "network", "Action": "kill", "Actor": { "ID": "c1" } }),
            json!({ "Type": "container", "Action": "exec_start: sh", "Actor": { "ID": "c1" } }),
            json!({ "Type": "container", "Action": "start", "Actor": { "ID": "a/b" } }),
            json!({ "Type": "container", "Action": "start" }),
            json!([]),
        ] {
            assert_eq!(event(&other), None, "{other}");
        }
    }

    #[test]
    fn times_are_compared_as_times() {
        for (text, is) in [
            ("1970-01-01T00:00:00Z", Some((0, 0))),
            ("2000-02-29T12:00:00.000000001Z", Some((951_825_600, 1))),
            ("2024-12-31T23:59:59.25+01:00", Some((1_735_685_999, 250_000_000))),
            ("2024-12-31T21:59:59.25-01:00", Some((1_735_685_999, 250_000_000))),
            ("0001-01-01T00:00:00Z", Some((-62_135_596_800, 0))),
            ("2024-13-01T00:00:00Z", None),
            ("2024-12-01 00:00", None),
            ("", None),
        ] {
            assert_eq!(time(text), is, "{text}");
        }
    }

    #[test]
    fn lines_come_in_pieces() {
        let mut lines = Lines::default();
        assert_eq!(lines.take(b"{\"a\":"), Ok(vec![]));
        assert_eq!(lines.take(b"1}\n\nnonsense\n{\"b\":2}\n{"), Ok(vec![json!({"a": 1}), json!({"b": 2})]));
        assert_eq!(lines.take(&vec![b' '; Lines::LONGEST]), Err(TooLong));
    }

    proptest! {
        #[test]
        fn nothing_that_is_said_panics(text in ".{0,60}", pieces in prop::collection::vec(any::<Vec<u8>>(), 0..8)) {
            let _ = time(&text);
            let mut lines = Lines::default();
            for piece in pieces {
                for said in lines.take(&piece).unwrap() {
                    let _ = (list(&said), inspected(&said), event(&said));
                }
            }
        }
        #[test]
        fn mangled_answers_are_read(at in 0_usize..200, byte: u8) {
            let mut text = container(&["MICROSERVICE_LABEL=ms1"], true, 17).to_string().into_bytes();
            let at = at % text.len();
            text[at] = byte;
            if let Ok(said) = serde_json::from_slice::<Value>(&text) {
                let _ = (list(&said), inspected(&said), event(&said));
            }
        }
        #[test]
        fn lines_do_not_depend_on_how_they_come(cuts in prop::collection::vec(0_usize..40, 0..6)) {
            let text = b"{\"a\":1}\n[2]\n{\"c\":\"three\"}\n\"four\"\n";
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let mut lines = Lines::default();
            let got: Vec<Value> = cuts.windows(2).flat_map(|cut| lines.take(&text[cut[0]..cut[1]]).unwrap()).collect();
            prop_assert_eq!(got, vec![json!({"a": 1}), json!([2]), json!({"c": "three"}), json!("four")]);
        }
    }
}
