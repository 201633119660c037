//! VPP's own command line, passed on for people. Nothing of the agent's logic looks at what VPP prints.

use crate::Vpp;
use binapi::vlib::CliInband;
use std::time::Duration;

/// Commands may print a lot, and some take long.
const PATIENCE: Duration = Duration::from_secs(60);

impl Vpp {
    /// Has VPP carry out a line of its command language; the answer is what VPP prints.
    ///
    /// # Errors
    /// Why there is no answer, or what VPP says against the line.
    pub fn command(&self, line: &str) -> impl Future<Output = Result<String, String>> + Send + use<> {
        let call = self.client().call_raw_within(CliInband { cmd: line.to_owned() }, PATIENCE);
        async move {
            let answer = call.await.map_err(|error| error.to_string())?;
            match answer.retval {
                0 => Ok(answer.reply),
                retval => {
                    let printed = answer.reply.trim();
                    let told = if printed.is_empty() { "it prints nothing" } else { printed };
                    Err(format!("VPP refuses the command: {told} ({})", binapi::retval::describe(retval)))
                }
            }
        }
    }
}
