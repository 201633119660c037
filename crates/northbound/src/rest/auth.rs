//! Who may call: names and passwords from `http.conf`.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// The header of an answer that says as whom the client was known.
const KNOWN_AS: HeaderName = HeaderName::from_static("x-ligato-auth-username");

/// Those who may call.
pub struct Users(Vec<(String, String)>);

impl Users {
    /// Reads `user:password` entries; `None` if there are none.
    ///
    /// # Errors
    /// The number of the entry, from 1, that does not have exactly one colon.
    pub fn new(entries: &[String]) -> Result<Option<Users>, usize> {
        let users = entries.iter().enumerate().map(|(index, entry)| {
            let split = entry.split_once(':').filter(|(_, password)| !password.contains(':'));
            let (user, password) = split.ok_or(index + 1)?;
            Ok((user.to_owned(), password.to_owned()))
        });
        let users = users.collect::<Result<Vec<_>, usize>>()?;
        Ok((!users.is_empty()).then_some(Users(users)))
    }

    /// The user of an `Authorization` header, if name and password are right.
    fn known(&self, authorization: Option<&HeaderValue>) -> Option<&str> {
        let encoded = authorization?.to_str().ok()?.strip_prefix("Basic ")?;
        let decoded = STANDARD.decode(encoded.trim()).ok()?;
        let given = str::from_utf8(&decoded).ok()?;
        let (user, password) = given.split_once(':')?;
        let (name, right) = self.0.iter().find(|(name, _)| name == user)?;
        same(password.as_bytes(), right.as_bytes()).then_some(name)
    }
}

/// Takes the same time wherever the two differ, so that a password cannot be guessed byte by byte.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// Lets only known users through.
pub async fn check(State(users): State<Arc<Users>>, request: Request, next: Next) -> Response {
    let Some(user) = users.known(request.headers().get(header::AUTHORIZATION)) else {
        let headers = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        let text = "auth: invalid username or password\n";
        return (StatusCode::UNAUTHORIZED, headers, text).into_response();
    };
    let name = HeaderValue::from_str(user);
    let mut response = next.run(request).await;
    if let Ok(name) = name {
        response.headers_mut().insert(KNOWN_AS, name);
    }
    response
}
