//! Every operation of Twilio's 2010 API and of the products we touch, and how far we do it.
//!
//! One table, `operations.tsv`: product, method, path, operation, status, note. The API's fallback
//! answers from it what is known and not supported, `docs/compatibility.md` is written from it, and
//! tests hold both against the real router. Paths are Twilio's, as its OpenAPI documents and
//! official SDKs have them; a segment in braces matches any text.

/// The table itself: a line per operation, fields apart by tabs.
const TABLE: &str = include_str!("operations.tsv");

/// Products of Twilio's that the table does not list: all that is known of them is their name.
pub const OTHER_PRODUCTS: &[&str] = &[
    "bulkexports",
    "chat",
    "flex-api",
    "frontline-api",
    "insights",
    "intelligence",
    "ip-messaging",
    "knowledge",
    "marketplace",
    "memory",
    "notify",
    "numbers",
    "oauth",
    "preview",
    "preview-iam",
    "pricing",
    "proxy",
    "routes",
    "supersim",
    "sync",
    "taskrouter",
    "trusthub",
    "video",
    "wireless",
];

/// Doors of our own API that belong to what is not here yet, whatever the method.
pub const OWN_LATER: &[(&str, &str)] =
    &[("/v1/Faults", "the door Faults"), ("/v1/Faults/{Sid}", "the door Faults")];

/// How far we do an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// As documented, but for the table's note.
    Supported,
    /// Some of it; the note says what is missing.
    Partly,
    /// Answered with 403 and code 20403.
    NotYet,
}

impl Status {
    /// The word of the table and of the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Supported => "supported",
            Status::Partly => "partly",
            Status::NotYet => "not yet",
        }
    }
}

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// First label of the product's host: `api`, `messaging`, ….
    pub product: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// As Twilio documents it, with its `.json` in the 2010 API.
    pub path: &'static str,
    /// `CreateMessage`, `ListAlert`, ….
    pub name: &'static str,
    /// How far we do it.
    pub status: Status,
    /// What is missing, or special; may be empty.
    pub note: &'static str,
}

/// What a path that no route takes may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// An operation of Twilio's, or any of a whole product: known and not supported.
    Known(String),
    /// Twilio has the path, with other methods.
    OtherMethod,
    /// Nothing.
    Unknown,
}

/// The table, read.
#[derive(Debug, Clone)]
pub struct Operations {
    all: Vec<Operation>,
}

impl Operations {
    /// Reads the table.
    pub fn read() -> Operations {
        let lines = TABLE.lines().filter(|line| !line.is_empty());
        Operations { all: lines.filter_map(operation).collect() }
    }

    /// All of them, in the order of the table.
    pub fn all(&self) -> &[Operation] {
        &self.all
    }

    /// What a request that no route takes means. `path` is as the router sees it: without `.json`,
    /// under its product's name unless it is the 2010 API's.
    pub fn meaning(&self, method: &str, path: &str) -> Meaning {
        let (product, path) = if path.starts_with("/2010-04-01/") {
            ("api", path)
        } else {
            let named = path.strip_prefix('/').and_then(|rest| rest.split_once('/'));
            let Some((product, _)) = named else {
                return Meaning::Unknown;
            };
            // What follows the product keeps its slash.
            (product, &path[1 + product.len()..])
        };
        if product == "offhook" {
            let later = OWN_LATER.iter().find(|(door, _)| fits(door, path));
            return later.map_or(Meaning::Unknown, |(_, name)| Meaning::Known((*name).into()));
        }
        let known = || self.all.iter().filter(|operation| operation.product == product);
        let at_path = known().filter(|operation| operation.is_at(path));
        // `/Items/Special` is more precise than `/Items/{Sid}`.
        let precise = at_path.clone().map(|operation| operation.blanks()).min();
        let mut at_path = at_path.filter(|operation| Some(operation.blanks()) == precise);
        let found = at_path.clone().find(|operation| operation.method == method);
        if let Some(operation) = found {
            Meaning::Known(operation.name.to_owned())
        } else if at_path.next().is_some() {
            Meaning::OtherMethod
        } else if OTHER_PRODUCTS.contains(&product) && is_versioned(path) {
            Meaning::Known(format!("the product {product}"))
        } else {
            Meaning::Unknown
        }
    }
}

fn operation(line: &'static str) -> Option<Operation> {
    let mut fields = line.split('\t');
    let mut field = || fields.next();
    let (product, method, path, name) = (field()?, field()?, field()?, field()?);
    let status = match field()? {
        "supported" => Status::Supported,
        "partly" => Status::Partly,
        _ => Status::NotYet,
    };
    Some(Operation { product, method, path, name, status, note: field().unwrap_or_default() })
}

/// `/v1/…`, `/v2/…`.
fn is_versioned(path: &str) -> bool {
    let version = path.strip_prefix("/v").and_then(|rest| rest.split('/').next());
    version.is_some_and(|v| !v.is_empty() && v.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a path has the form of another, in which a segment in braces stands for any text.
fn fits(form: &str, path: &str) -> bool {
    let mut asked = path.split('/');
    let fits = form.split('/').all(|segment| {
        asked.next().is_some_and(|asked| {
            if segment.starts_with('{') { !asked.is_empty() } else { segment == asked }
        })
    });
    fits && asked.next().is_none()
}

impl Operation {
    /// The path that the router knows: in the 2010 API without `.json`.
    pub fn routed(&self) -> &'static str {
        match self.path.strip_suffix(".json") {
            Some(path) if self.product == "api" => path,
            _ => self.path,
        }
    }

    fn is_at(&self, path: &str) -> bool {
        fits(self.routed(), path)
    }

    fn blanks(&self) -> usize {
        self.path.matches('{').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_an_operation_and_none_is_there_twice() {
        let operations = Operations::read();
        assert_eq!(operations.all.len(), TABLE.lines().filter(|line| !line.is_empty()).count());
        for line in TABLE.lines() {
            let status = line.split('\t').nth(4);
            assert!(matches!(status, Some("supported" | "partly" | "not yet")), "{line}");
        }
        let mut seen: Vec<_> =
            operations.all.iter().map(|o| (o.product, o.method, o.path)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), operations.all.len());
        let of_api = operations.all.iter().filter(|o| o.product == "api").count();
        assert_eq!(of_api, 197, "rest.md 8 counts the operations of the 2010 API");
    }

    #[test]
    fn a_path_is_known_by_its_product_method_and_shape() {
        let operations = Operations::read();
        let known = |name: &str| Meaning::Known(name.to_owned());
        for (method, path, meaning) in [
            ("GET", "/2010-04-01/Accounts/AC1/Calls", known("ListCall")),
            (
                "POST",
                "/2010-04-01/Accounts/AC1/Calls/CA1/Recordings/RE1",
                known("UpdateCallRecording"),
            ),
            ("GET", "/2010-04-01/Accounts/AC1/SIP/Domains", known("ListSipDomain")),
            ("PUT", "/2010-04-01/Accounts/AC1/Calls", Meaning::OtherMethod),
            ("GET", "/2010-04-01/Accounts/AC1/Spoons", Meaning::Unknown),
            ("GET", "/2010-04-01/Accounts/AC1/Calls/", Meaning::Unknown),
            ("POST", "/messaging/v1/Services", known("CreateService")),
            ("POST", "/verify/v2/Services/VA1/Verifications", known("CreateVerification")),
            ("GET", "/lookups/v2/PhoneNumbers/+12025550100", known("FetchPhoneNumber")),
            ("GET", "/video/v1/Rooms", known("the product video")),
            ("POST", "/offhook/v1/Faults", known("the door Faults")),
            ("GET", "/offhook/v1/Calls/CA1", Meaning::Unknown),
            ("GET", "/offhook/v1/Spoons", Meaning::Unknown),
            ("GET", "/video/Rooms", Meaning::Unknown),
            ("GET", "/", Meaning::Unknown),
            ("GET", "", Meaning::Unknown),
            ("GET", "/verify", Meaning::Unknown),
            ("GET", "/é/v1", Meaning::Unknown),
        ] {
            assert_eq!(operations.meaning(method, path), meaning, "{method} {path}");
        }
    }
}
