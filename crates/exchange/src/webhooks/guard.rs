//! Which addresses a customer's URL may lead to.
//!
//! The guarded client asks [`Guard::permits`] with the very address it is about to dial, for
//! every connection: first requests, retries, redirects. So neither a name that changes its
//! address between two look-ups nor an odd spelling of an address (`0x7f.1`, `[::ffff:127.0.0.1]`)
//! gets past it.
//! It never resolves names and never opens anything.
//! The contract is spec/webhooks.md 1.6 and 7 (16); the ranges come from the IANA special-purpose
//! registries (RFC 6890 and its updates).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// What is refused unless allowed by name or range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A developer's machine: loopback and private networks are fine, metadata services and
    /// link-local addresses are not.
    Local,
    /// A server for others: only addresses of the public internet.
    Public,
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Profile, String> {
        match text {
            "local" => Ok(Profile::Local),
            "public" => Ok(Profile::Public),
            _ => Err(format!("{text:?} is not a guard: use local or public")),
        }
    }
}

/// One `--allow`: a range of addresses or a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allow {
    /// `10.1.0.0/16`, `fd00::/8`, or a single address.
    Range(Cidr),
    /// `app.internal`, or `*.internal` for every name below it. Lower case, no trailing dot.
    Name(String),
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Allow::Range(range) => range.fmt(f),
            Allow::Name(name) => f.write_str(name),
        }
    }
}

impl FromStr for Allow {
    type Err = String;

    fn from_str(text: &str) -> Result<Allow, String> {
        if let Ok(range) = text.parse() {
            return Ok(Allow::Range(range));
        }
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        let plain = name.strip_prefix("*.").unwrap_or(&name);
        let is_name = !plain.is_empty()
            && plain.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            && plain.bytes().any(|b| b.is_ascii_alphabetic());
        if is_name {
            Ok(Allow::Name(name))
        } else {
            Err(format!("{text:?} is neither a range of addresses nor a host name"))
        }
    }
}

/// A range of addresses: those that share the first `bits` bits with `base`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    base: IpAddr,
    bits: u8,
}

impl Cidr {
    /// Whether the address lies in the range. IPv4 and IPv6 never mix.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let differ = u32::from(base) ^ u32::from(address);
                differ.checked_shr(32 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let differ = u128::from(base) ^ u128::from(address);
                differ.checked_shr(128 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

impl FromStr for Cidr {
    type Err = String;

    fn from_str(text: &str) -> Result<Cidr, String> {
        let bad = || format!("{text:?} is not a range of addresses");
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| bad())?;
        let bits_max = if base.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => bits_max,
            Some(bits) => bits.parse().map_err(|_| bad())?,
        };
        if bits > bits_max { Err(bad()) } else { Ok(Cidr { base, bits }) }
    }
}

/// What an address is, as far as the guard cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The public internet.
    Public,
    /// This machine: 127.0.0.0/8, ::1.
    Loopback,
    /// RFC 1918 and unique local IPv6.
    Private,
    /// "This network": 0.0.0.0/8 and `::`; most systems connect to themselves.
    Unspecified,
    /// 169.254.0.0/16, fe80::/10 and the old site-local fec0::/10.
    LinkLocal,
    /// A cloud's metadata service outside the link-local range.
    Metadata,
    /// Carrier-grade NAT, 100.64.0.0/10.
    Shared,
    /// One to many, and the broadcast address.
    Multicast,
    /// IPv4 inside IPv6: mapped, compatible, NAT64, 6to4, Teredo.
    Translated,
    /// Documentation, benchmarks, protocol assignments, never assigned.
    Reserved,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Kind::Public => "a public address",
            Kind::Loopback => "a loopback address",
            Kind::Private => "a private address",
            Kind::Unspecified => "an unspecified address",
            Kind::LinkLocal => "a link-local address",
            Kind::Metadata => "a metadata service",
            Kind::Shared => "a shared (carrier-grade NAT) address",
            Kind::Multicast => "a multicast or broadcast address",
            Kind::Translated => "an IPv4 address inside IPv6",
            Kind::Reserved => "a reserved address",
        }
    }

    fn passes(self, profile: Profile) -> bool {
        match profile {
            Profile::Public => self == Kind::Public,
            Profile::Local => {
                !matches!(self, Kind::LinkLocal | Kind::Metadata | Kind::Shared | Kind::Multicast)
            }
        }
    }
}

/// Why an address was not dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The host as the URL has it.
    pub name: String,
    /// The address it led to.
    pub address: IpAddr,
    /// What that address is.
    pub kind: Kind,
    /// The profile that refused it.
    pub profile: Profile,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.parse() == Ok(self.address) {
            write!(f, "{} is {}", self.address, self.kind.words())?;
        } else {
            write!(f, "{} is {}, {}", self.name, self.address, self.kind.words())?;
        }
        let bits = if self.address.is_ipv4() { 32 } else { 128 };
        write!(f, " and was not contacted: start with --allow {}/{bits}", self.address)?;
        let local_helps = inner(self.address).is_none_or(|v4| kind_v4(v4).passes(Profile::Local));
        if self.profile == Profile::Public && self.kind.passes(Profile::Local) && local_helps {
            f.write_str(" or --guard local")?;
        }
        f.write_str(" to permit it")
    }
}

/// The guard of one house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// What is refused by default.
    pub profile: Profile,
    /// What is permitted all the same.
    pub allow: Vec<Allow>,
}

impl Guard {
    /// Whether `address`, to which the host `name` of a URL led, may be dialled.
    ///
    /// # Errors
    /// The refusal, whose text names the flag that would permit it.
    pub fn permits(&self, name: &str, address: IpAddr) -> Result<(), Refusal> {
        let kind = kind(address);
        let judged = match (kind, self.profile) {
            // On a developer's machine a translated address is as good as the one inside it.
            (Kind::Translated, Profile::Local) => inner(address).map_or(kind, kind_v4),
            _ => kind,
        };
        if judged.passes(self.profile) || self.allows(name, address) {
            return Ok(());
        }
        Err(Refusal { name: name.to_owned(), address, kind: judged, profile: self.profile })
    }

    fn allows(&self, name: &str, address: IpAddr) -> bool {
        let name = name.strip_suffix('.').unwrap_or(name);
        let mapped = match address {
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map(IpAddr::V4),
            IpAddr::V4(_) => None,
        };
        self.allow.iter().any(|allow| match allow {
            Allow::Range(range) => {
                range.contains(address) || mapped.is_some_and(|v4| range.contains(v4))
            }
            Allow::Name(allowed) => name_matches(allowed, name),
        })
    }
}

fn name_matches(allowed: &str, name: &str) -> bool {
    match allowed.strip_prefix('*') {
        // The dot stays in the suffix, so `*.a.example` never matches `evila.example`.
        Some(suffix) => {
            let at = name.len().checked_sub(suffix.len());
            at.is_some_and(|at| {
                at > 0 && name.as_bytes()[at..].eq_ignore_ascii_case(suffix.as_bytes())
            })
        }
        None => allowed.eq_ignore_ascii_case(name),
    }
}

/// What an address is.
pub fn kind(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(v4) => kind_v4(v4),
        IpAddr::V6(v6) => kind_v6(v6),
    }
}

fn kind_v4(address: Ipv4Addr) -> Kind {
    match address.octets() {
        [0, ..] => Kind::Unspecified,
        [127, ..] => Kind::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Kind::Private,
        [169, 254, ..] => Kind::LinkLocal,
        // Alibaba Cloud, Oracle Cloud, Azure.
        [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16] => Kind::Metadata,
        [100, 64..=127, ..] => Kind::Shared,
        [224..=239, ..] | [255, 255, 255, 255] => Kind::Multicast,
        [192, 0, 0, _] | [192, 0, 2, _] | [192, 88, 99, _] | [198, 18..=19, ..] => Kind::Reserved,
        [198, 51, 100, _] | [203, 0, 113, _] | [240..=255, ..] => Kind::Reserved,
        _ => Kind::Public,
    }
}

fn kind_v6(address: Ipv6Addr) -> Kind {
    // The metadata service of Amazon's cloud, inside the unique local range.
    const AWS_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);
    if address == Ipv6Addr::LOCALHOST {
        return Kind::Loopback;
    }
    if address == Ipv6Addr::UNSPECIFIED {
        return Kind::Unspecified;
    }
    if address == AWS_METADATA {
        return Kind::Metadata;
    }
    if inner(IpAddr::V6(address)).is_some() {
        return Kind::Translated;
    }
    match address.segments() {
        [0xff00..=0xffff, ..] => Kind::Multicast,
        [0xfe80..=0xfeff, ..] => Kind::LinkLocal,
        [0xfc00..=0xfdff, ..] => Kind::Private,
        // Documentation, and the protocol assignments 2001::/23 (ORCHID, benchmarks, …).
        [0x2001, 0x0db8, ..] | [0x3fff, 0x0000..=0x0fff, ..] => Kind::Reserved,
        [0x2001, 0x0000..=0x01ff, ..] => Kind::Reserved,
        // Only 2000::/3 is handed out to the internet.
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Reserved,
    }
}

/// The IPv4 address inside an IPv6 one that some network would turn it into.
fn inner(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return None };
    let pair = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match v6.segments() {
        // `::` and `::1` are IPv6 addresses of their own.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        // Mapped ::ffff:0:0/96, compatible ::/96, SIIT ::ffff:0:0:0/96 (RFC 4291, RFC 2765).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => {
            Some(pair(high, low))
        }
        // NAT64, well-known 64:ff9b::/96 (RFC 6052) and local-use 64:ff9b:1::/48 (RFC 8215).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(pair(high, low)),
        [0x64, 0xff9b, 1, _, _, _, high, low] => Some(pair(high, low)),
        // 6to4 2002::/16 (RFC 3056): the address follows the prefix.
        [0x2002, high, low, ..] => Some(pair(high, low)),
        // Teredo 2001::/32 (RFC 4380): the client's address, inverted.
        [0x2001, 0, _, _, _, _, high, low] => Some(pair(!high, !low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn guard(profile: Profile, allow: &[&str]) -> Guard {
        let allow = allow.iter().map(|text| text.parse().expect("a valid allow")).collect();
        Guard { profile, allow }
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn each_special_range_is_known_and_each_profile_judges_it() {
        use Kind::*;
        for (text, expected, local, public) in [
            ("8.8.8.8", Public, true, true),
            ("172.15.255.255", Public, true, true),
            ("172.32.0.1", Public, true, true),
            ("100.63.255.255", Public, true, true),
            ("100.128.0.1", Public, true, true),
            ("2606:4700::1111", Public, true, true),
            ("127.0.0.1", Loopback, true, false),
            ("127.255.255.254", Loopback, true, false),
            ("::1", Loopback, true, false),
            ("10.0.0.1", Private, true, false),
            ("172.16.0.1", Private, true, false),
            ("172.31.255.255", Private, true, false),
            ("192.168.1.1", Private, true, false),
            ("fc00::1", Private, true, false),
            ("fdff::1", Private, true, false),
            ("0.0.0.0", Unspecified, true, false),
            ("0.1.2.3", Unspecified, true, false),
            ("::", Unspecified, true, false),
            ("169.254.169.254", LinkLocal, false, false),
            ("169.254.0.1", LinkLocal, false, false),
            ("fe80::1", LinkLocal, false, false),
            ("fec0::1", LinkLocal, false, false),
            ("100.100.100.200", Metadata, false, false),
            ("168.63.129.16", Metadata, false, false),
            ("192.0.0.192", Metadata, false, false),
            ("fd00:ec2::254", Metadata, false, false),
            ("100.64.0.1", Shared, false, false),
            ("100.127.255.255", Shared, false, false),
            ("224.0.0.1", Multicast, false, false),
            ("239.255.255.255", Multicast, false, false),
            ("255.255.255.255", Multicast, false, false),
            ("ff02::1", Multicast, false, false),
            ("192.0.2.1", Reserved, true, false),
            ("198.51.100.1", Reserved, true, false),
            ("203.0.113.1", Reserved, true, false),
            ("198.18.0.1", Reserved, true, false),
            ("198.19.255.255", Reserved, true, false),
            ("192.0.0.1", Reserved, true, false),
            ("240.0.0.1", Reserved, true, false),
            ("2001:db8::1", Reserved, true, false),
            ("3fff::1", Reserved, true, false),
            ("2001:20::1", Reserved, true, false),
            ("100::1", Reserved, true, false),
            ("4000::1", Reserved, true, false),
            ("::ffff:127.0.0.1", Translated, true, false),
            ("::ffff:8.8.8.8", Translated, true, false),
            ("::ffff:169.254.169.254", Translated, false, false),
            ("::127.0.0.1", Translated, true, false),
            ("::169.254.169.254", Translated, false, false),
            ("::ffff:0:169.254.169.254", Translated, false, false),
            ("64:ff9b::10.0.0.1", Translated, true, false),
            ("64:ff9b::169.254.169.254", Translated, false, false),
            ("64:ff9b:1::169.254.169.254", Translated, false, false),
            ("2002:a9fe:a9fe::1", Translated, false, false),
            ("2002:7f00:1::1", Translated, true, false),
            ("2001:0:1234::5601:5601", Translated, false, false),
        ] {
            let ip = address(text);
            assert_eq!(kind(ip), expected, "{text}");
            let permits = |profile| guard(profile, &[]).permits("h.example", ip).is_ok();
            assert_eq!(permits(Profile::Local), local, "local {text}");
            assert_eq!(permits(Profile::Public), public, "public {text}");
        }
    }

    #[test]
    fn allow_lists_permit_by_range_and_by_name() {
        let ok = |allow: &[&str], name: &str, ip: &str| {
            guard(Profile::Public, allow).permits(name, address(ip)).is_ok()
        };
        assert!(ok(&["10.1.0.0/16"], "x", "10.1.255.1"));
        assert!(!ok(&["10.1.0.0/16"], "x", "10.2.0.1"));
        assert!(ok(&["0.0.0.0/0"], "x", "127.0.0.1"));
        assert!(!ok(&["0.0.0.0/0"], "x", "::1"));
        assert!(ok(&["127.0.0.1"], "x", "::ffff:127.0.0.1"));
        assert!(ok(&["fd00::/8"], "x", "fd12::1"));
        assert!(!ok(&["127.0.0.1"], "x", "127.0.0.2"));
        assert!(ok(&["App.Internal"], "app.internal.", "10.0.0.1"));
        assert!(!ok(&["app.internal"], "x.app.internal", "10.0.0.1"));
        assert!(ok(&["*.internal"], "x.APP.internal", "10.0.0.1"));
        assert!(!ok(&["*.internal"], "internal", "10.0.0.1"));
        assert!(!ok(&["*.internal"], "evilinternal", "10.0.0.1"));
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "a b", "*.", "10.0.0.0/", "1.2"] {
            assert!(text.parse::<Allow>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_refusal_names_the_flag_that_would_permit_it() {
        let text = |profile, name: &str, ip: &str| {
            guard(profile, &[]).permits(name, address(ip)).expect_err("refused").to_string()
        };
        assert_eq!(
            text(Profile::Public, "app.example", "127.0.0.1"),
            "app.example is 127.0.0.1, a loopback address and was not contacted: \
             start with --allow 127.0.0.1/32 or --guard local to permit it"
        );
        assert_eq!(
            text(Profile::Local, "169.254.169.254", "169.254.169.254"),
            "169.254.169.254 is a link-local address and was not contacted: \
             start with --allow 169.254.169.254/32 to permit it"
        );
        assert!(!text(Profile::Public, "x", "::ffff:169.254.169.254").contains("--guard local"));
        assert!(text(Profile::Public, "x", "::ffff:10.0.0.1").contains("--guard local"));
    }

    proptest! {
        #[test]
        fn what_the_standard_library_calls_special_is_never_public(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local()
                || v4.is_multicast() || v4.is_broadcast() || v4.is_documentation()
                || v4.is_unspecified();
            prop_assert!(!special || kind(IpAddr::V4(v4)) != Kind::Public);
            prop_assert_eq!(kind(IpAddr::V6(v4.to_ipv6_mapped())), Kind::Translated);
        }
    }
}
