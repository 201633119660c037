//! One configuration file: YAML whose keys are read without regard to case.

use super::Flags;
use serde::de::{self, DeserializeOwned, Visitor};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// A configuration file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is named, but not there or not readable.
    #[error(
        "the configuration file {path:?} cannot be read: {cause}; name another with --{component}-config"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Whose file it is.
        component: String,
        /// Why.
        cause: std::io::Error,
    },
    /// It is not what it should be.
    #[error("the configuration file {path:?} cannot be used: {reason}")]
    Bad {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },
}

/// The settings of a component; `None` if it has no file. Unknown keys go to `warnings`.
///
/// # Errors
/// See [`FileError`].
pub fn read<T: DeserializeOwned>(
    flags: &Flags,
    component: &str,
    warnings: &mut Vec<String>,
) -> Result<Option<T>, FileError> {
    let named = flags.config_files.get(component);
    let default = PathBuf::from(format!("{component}.conf"));
    let path = locate(named.unwrap_or(&default), &flags.config_dir);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if named.is_none() && cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(FileError::Unreadable { path, component: component.to_owned(), cause }),
    };
    let (settings, unknown) = parse(&text).map_err(|reason| FileError::Bad { path: path.clone(), reason })?;
    warnings.extend(unknown.into_iter().map(|warning| format!("{}: {warning}", path.display())));
    Ok(Some(settings))
}

/// The file as given, else below the configuration directory.
fn locate(file: &Path, dir: &Path) -> PathBuf {
    if file.exists() { file.to_owned() } else { dir.join(file) }
}

/// Settings from text, with a sentence for each unknown key.
fn parse<T: DeserializeOwned>(text: &str) -> Result<(T, Vec<String>), String> {
    let value = model::yaml::parse(text).map_err(|error| error.to_string())?;
    let members = match value {
        Value::Null => Map::new(),
        Value::Object(members) => members,
        _ => return Err("it is no list of settings; write `key: value` lines".to_owned()),
    };
    let known = fields_of::<T>();
    let mut lower = Map::new();
    let mut unknown = Vec::new();
    for (key, value) in members {
        let key = key.to_lowercase();
        if known.contains(&key.as_str()) {
            // A setting without a value is as if it were not there.
            if !value.is_null() {
                lower.insert(key, value);
            }
            continue;
        }
        let nearest = model::nearest(&key, known.iter().copied());
        let hint = nearest.map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
        unknown.push(format!("the setting {key:?} is unknown and has no effect{hint}"));
    }
    let settings = deserialized(Value::Object(lower))?;
    Ok((settings, unknown))
}

fn deserialized<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    // The setting that does not fit is found by trying each alone: serde does not say which it was.
    T::deserialize(&value).map_err(|error| {
        let members = value.as_object().into_iter().flatten();
        let bad = members.filter(|(key, member)| {
            let alone = Value::Object(Map::from_iter([((*key).clone(), (*member).clone())]));
            T::deserialize(&alone).is_err()
        });
        match bad.map(|(key, _)| key.as_str()).next() {
            Some(key) => format!("{key}: {error}"),
            None => error.to_string(),
        }
    })
}

/// Names of the fields that a struct reads, as they are written in files.
pub fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Ask<'a>(&'a mut &'static [&'static str]);
    #[derive(Debug, thiserror::Error)]
    #[error("only asked for the names")]
    struct Asked;
    impl de::Error for Asked {
        fn custom<D: std::fmt::Display>(_: D) -> Self {
            Asked
        }
    }
    impl<'de> de::Deserializer<'de> for Ask<'_> {
        type Error = Asked;
        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Asked> {
            Err(Asked)
        }
        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, Asked> {
            *self.0 = fields;
            Err(Asked)
        }
        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }
    let mut fields: &'static [&'static str] = &[];
    let _ = T::deserialize(Ask(&mut fields)); // always fails: nothing is there to be read
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ForeignObjects, Govpp, Kvscheduler};
    use std::time::Duration;

    #[test]
    fn settings_are_read_without_regard_to_case_and_unknown_ones_are_named() {
        let text = "Reply-Timeout: 250ms\nbinapi-socket-path: /tmp/x.sock\nbinapi-socket: y\nhealth-check-threshold:\n";
        let (settings, unknown) = parse::<Govpp>(text).unwrap();
        assert_eq!(settings.reply_timeout, Duration::from_millis(250));
        assert_eq!(settings.binapi_socket_path, PathBuf::from("/tmp/x.sock"));
        assert_eq!(
            unknown,
            [
                "the setting \"binapi-socket\" is unknown and has no effect; did you mean \"binapi-socket-path\"?"
            ]
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_names_its_setting() {
        let error = parse::<Kvscheduler>("foreign-objects: keep\nhistory-bytes: many\n").unwrap_err();
        assert!(error.starts_with("history-bytes: "), "{error}");
        let error = parse::<Kvscheduler>("foreign-objects: destroy\n").unwrap_err();
        assert!(error.starts_with("foreign-objects: ") && error.contains("destroy"), "{error}");
        assert!(parse::<Kvscheduler>("- 1").unwrap_err().contains("key: value"));
    }

    #[test]
    fn an_empty_file_is_all_defaults() {
        assert_eq!(parse::<Kvscheduler>("").unwrap().0, Kvscheduler::default());
        let (settings, _) = parse::<Kvscheduler>("foreign-objects: remove").unwrap();
        assert_eq!(settings.foreign_objects, ForeignObjects::Remove);
    }
}
