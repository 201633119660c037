//! IPv6 addresses from router advertisements. No router ever sends one, and VPP does not tell who listens.

use crate::handler::Handlers;
use binapi::rd_cp::{Ip6NdAddressAutoconfig, Ip6NdAddressAutoconfigReply};

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(|state, request: Ip6NdAddressAutoconfig| {
        state.interfaces.get(request.sw_if_index)?;
        Ok(Ip6NdAddressAutoconfigReply::default())
    });
}
