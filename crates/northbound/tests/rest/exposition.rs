//! A strict reader of Prometheus' text format.

use std::collections::BTreeSet;

/// Samples of one name with their help and their type.
#[derive(Debug, PartialEq)]
pub struct Family {
    pub name: String,
    pub kind: String,
    pub help: String,
    pub samples: Vec<Sample>,
}

#[derive(Debug, PartialEq)]
pub struct Sample {
    pub name: String,
    pub labels: Vec<(String, String)>,
    pub value: f64,
}

impl Sample {
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(label, _)| label == name).map(|(_, content)| content.as_str())
    }
}

/// All families, if the whole text is as it has to be.
pub fn parse(text: &str) -> Result<Vec<Family>, String> {
    let whole = text.strip_suffix('\n').ok_or("the last line has no end")?;
    let mut families: Vec<Family> = Vec::new();
    let mut help = None;
    for line in whole.split('\n') {
        let parsed = match (line.strip_prefix("# HELP "), line.strip_prefix("# TYPE ")) {
            (Some(rest), _) if help.is_none() => parse_help(rest).map(|it| help = Some(it)),
            (_, Some(rest)) => parse_type(rest, help.take()).map(|family| families.push(family)),
            _ if help.is_some() => Err("HELP without TYPE".into()),
            _ => match families.last_mut() {
                Some(family) => sample(line).and_then(|sample| add(family, sample)),
                None => Err("a sample without TYPE".into()),
            },
        };
        parsed.map_err(|error| format!("{error}: {line:?}"))?;
    }
    let names: BTreeSet<_> = families.iter().map(|family| &family.name).collect();
    if names.len() != families.len() {
        return Err("a family comes twice".into());
    }
    families.iter().try_for_each(complete)?;
    Ok(families)
}

fn parse_help(rest: &str) -> Result<(String, String), String> {
    let (name, help) = rest.split_once(' ').ok_or("no help")?;
    let mut text = String::new();
    let mut characters = help.chars();
    while let Some(c) = characters.next() {
        text.push(match c {
            '\\' => match characters.next() {
                Some('\\') => '\\',
                Some('n') => '\n',
                _ => return Err("a wrong escape".into()),
            },
            other => other,
        });
    }
    Ok((name.to_owned(), text))
}

fn parse_type(rest: &str, help: Option<(String, String)>) -> Result<Family, String> {
    let (name, kind) = rest.split_once(' ').ok_or("no type")?;
    let (of, help) = help.ok_or("TYPE without HELP")?;
    if of != name || !is_name(name, true) {
        return Err("a wrong name".into());
    }
    if !["counter", "gauge", "summary", "histogram"].contains(&kind) {
        return Err("an unknown type".into());
    }
    Ok(Family { name: name.to_owned(), kind: kind.to_owned(), help, samples: Vec::new() })
}

fn is_name(text: &str, colon: bool) -> bool {
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || colon && c == ':');
    first && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || colon && c == ':')
}

fn sample(line: &str) -> Result<Sample, String> {
    let end = line.find(['{', ' ']).ok_or("no value")?;
    let (name, rest) = line.split_at(end);
    if !is_name(name, true) {
        return Err("a wrong name".into());
    }
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (Vec::new(), rest),
    };
    let value = rest.strip_prefix(' ').ok_or("no blank before the value")?;
    let value = match value {
        "+Inf" => f64::INFINITY,
        "NaN" => f64::NAN,
        number if number.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            number.parse().map_err(|_| "no number")?
        }
        _ => return Err("no number".into()),
    };
    Ok(Sample { name: name.to_owned(), labels, value })
}

type Labels = Vec<(String, String)>;

/// Labels up to the closing brace, and what follows it.
fn labels(mut rest: &str) -> Result<(Labels, &str), String> {
    let mut labels: Labels = Vec::new();
    loop {
        let (name, after) = rest.split_once("=\"").ok_or("no label")?;
        if !is_name(name, false) || labels.iter().any(|(other, _)| other == name) {
            return Err(format!("a wrong label {name:?}"));
        }
        let mut content = String::new();
        let mut characters = after.char_indices();
        let end = loop {
            match characters.next().ok_or("a label has no end")? {
                (at, '"') => break at,
                (_, '\\') => content.push(match characters.next() {
                    Some((_, '\\')) => '\\',
                    Some((_, '"')) => '"',
                    Some((_, 'n')) => '\n',
                    _ => return Err("a wrong escape".into()),
                }),
                (_, other) => content.push(other),
            }
        };
        labels.push((name.to_owned(), content));
        let after = &after[end + 1..];
        if let Some(rest) = after.strip_prefix('}') {
            return Ok((labels, rest));
        }
        rest = after.strip_prefix(',').ok_or("no comma between labels")?;
    }
}

fn add(family: &mut Family, sample: Sample) -> Result<(), String> {
    let suffix = sample.name.strip_prefix(&family.name).ok_or("a sample of another family")?;
    let fits = match family.kind.as_str() {
        "summary" => ["_sum", "_count"].contains(&suffix),
        "histogram" => ["_sum", "_count", "_bucket"].contains(&suffix),
        _ => suffix.is_empty(),
    };
    if !fits || (suffix == "_bucket") != sample.label("le").is_some() {
        return Err("a sample that does not fit its type".into());
    }
    if family.samples.iter().any(|other| other.name == sample.name && other.labels == sample.labels) {
        return Err("a sample comes twice".into());
    }
    if family.kind != "gauge" && (sample.value < 0.0 || sample.value.is_nan()) {
        return Err("a negative count".into());
    }
    family.samples.push(sample);
    Ok(())
}

/// What has to be there is there, and buckets grow up to the count.
fn complete(family: &Family) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{}: {what}", family.name));
    if family.samples.is_empty() {
        return wrong("no sample");
    }
    let named = |suffix: &str| {
        let name = format!("{}{suffix}", family.name);
        family.samples.iter().filter(move |sample| sample.name == name)
    };
    if ["counter", "gauge"].contains(&family.kind.as_str()) {
        return Ok(());
    }
    if named("_sum").count() != named("_count").count() {
        return wrong("as many sums as counts");
    }
    for count in named("_count") {
        if !named("_sum").any(|sum| sum.labels == count.labels) {
            return wrong("no sum");
        }
        if family.kind != "histogram" {
            continue;
        }
        let own = named("_bucket").filter(|bucket| {
            let others = bucket.labels.iter().filter(|(name, _)| name != "le");
            others.eq(count.labels.iter())
        });
        let mut last = (f64::NEG_INFINITY, 0.0);
        for bucket in own {
            let bound = match bucket.label("le") {
                Some("+Inf") => f64::INFINITY,
                Some(bound) => bound.parse().map_err(|_| "a bound that is no number")?,
                None => return wrong("a bucket without bound"),
            };
            if bound <= last.0 || bucket.value < last.1 {
                return wrong("buckets that do not grow");
            }
            last = (bound, bucket.value);
        }
        if last != (f64::INFINITY, count.value) {
            return wrong("the last bucket is not the count");
        }
    }
    let counts: Vec<_> = named("_count").map(|count| &count.labels).collect();
    let stray = named("_bucket").any(|bucket| {
        let labels: Labels = bucket.labels.iter().filter(|(name, _)| name != "le").cloned().collect();
        !counts.contains(&&labels)
    });
    if stray { wrong("a bucket without count") } else { Ok(()) }
}
