//! Commands over a resource of an API: list, show, create, update, delete.
//!
//! A resource is a table: where it lives, what it can do, which parameters it takes. A flag is its
//! parameter's name in kebab case (`SmsUrl` is `--sms-url`); what a value means, and whether it is
//! good, is the server's to say. Contract: DESIGN section 1, rest.md's appendix A.

use super::api::{Api, segment};
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::server_address::ServerFlags;
use super::terminal::{Style, line, note, one_line, plain, styled, table};
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches as _};
use serde_json::Value;
use webhook::Form;

/// Stands for the sid of the newest.
pub(super) const LAST: &str = "last";

/// Digits of a sid after its two letters.
const SID_DIGITS: usize = 32;

/// A kind of thing that the server keeps.
#[derive(Debug)]
pub(super) struct Resource {
    /// The command: a plural.
    pub(super) name: &'static str,
    /// One of them.
    pub(super) one: &'static str,
    /// One line of help.
    pub(super) about: &'static str,
    /// Where its list is.
    pub(super) place: Place,
    /// How one is named on the command line.
    pub(super) id: Id,
    /// The key of its list in an answer.
    pub(super) key: &'static str,
    /// Fields shown in lists.
    pub(super) columns: &'static [&'static str],
    /// What can be done.
    pub(super) verbs: &'static [Verb],
    /// Filters and parameters.
    pub(super) parameters: &'static [Parameter],
}

/// Where a resource's list is.
#[derive(Debug)]
pub(super) enum Place {
    /// Below the account, in the 2010 API.
    Account(&'static str),
    /// At a path of its own, without an ending.
    Path(&'static str),
}

/// How one of them is named.
#[derive(Debug)]
pub(super) enum Id {
    /// By sid with these two letters, or by what the list can be filtered by: parameter and field.
    Sid(&'static str, Option<(&'static str, &'static str)>),
    /// By sid; without one, the account that signs in.
    OwnAccount,
    /// By an address.
    Address,
    /// There is only one.
    Only,
}

/// What can be done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    List,
    Show,
    Create,
    Update,
    Delete,
}

/// A parameter and the verbs that take it.
#[derive(Debug)]
pub(super) struct Parameter {
    name: &'static str,
    verbs: &'static [Verb],
    value: &'static str,
    help: &'static str,
    repeatable: bool,
}

/// Both ways to write.
pub(super) const WRITE: &[Verb] = &[Verb::Create, Verb::Update];
/// Writing, and looking for it.
pub(super) const ALL: &[Verb] = &[Verb::Create, Verb::Update, Verb::List];

impl Parameter {
    /// A parameter; a name that ends in `<` or `>` is a filter before or after a date.
    pub(super) const fn new(
        name: &'static str,
        verbs: &'static [Verb],
        value: &'static str,
        help: &'static str,
    ) -> Parameter {
        Parameter { name, verbs, value, help, repeatable: false }
    }

    /// May be given more than once.
    pub(super) const fn repeatable(self) -> Parameter {
        Parameter { repeatable: true, ..self }
    }

    /// `SmsUrl` → `sms-url`, `DateSent<` → `date-sent-before`.
    fn flag(&self) -> String {
        let (name, ending) = match self.name.as_bytes().last() {
            Some(b'<') => (&self.name[..self.name.len() - 1], "-before"),
            Some(b'>') => (&self.name[..self.name.len() - 1], "-after"),
            _ => (self.name, ""),
        };
        let mut flag = String::new();
        for c in name.chars() {
            if c.is_ascii_uppercase() && !flag.is_empty() {
                flag.push('-');
            }
            flag.push(c.to_ascii_lowercase());
        }
        flag + ending
    }

    fn arg(&self) -> Arg {
        let action = if self.repeatable { ArgAction::Append } else { ArgAction::Set };
        Arg::new(self.name).long(self.flag()).value_name(self.value).help(self.help).action(action)
    }
}

impl Verb {
    fn word(self) -> &'static str {
        match self {
            Verb::List => "list",
            Verb::Show => "show",
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Delete => "delete",
        }
    }

    fn of(word: &str) -> Option<Verb> {
        let all = [Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete];
        all.into_iter().find(|verb| verb.word() == word)
    }
}

impl Resource {
    /// Its command, with a subcommand for each verb.
    pub(super) fn command(&self) -> Command {
        let verbs = self.verbs.iter().map(|verb| self.verb_command(*verb));
        Command::new(self.name)
            .about(self.about)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommands(verbs)
    }

    fn verb_command(&self, verb: Verb) -> Command {
        let about = match verb {
            Verb::List => format!("List {}, newest first", self.name),
            Verb::Show => format!("Show {}", article(self.one)),
            Verb::Create => format!("Create {}", article(self.one)),
            Verb::Update => {
                format!("Change {}; an empty value clears a setting", article(self.one))
            }
            Verb::Delete => format!("Delete {}", article(self.one)),
        };
        let mut command = Command::new(verb.word()).about(about);
        if matches!(verb, Verb::Show | Verb::Update | Verb::Delete) {
            command = command.args(self.id_arg());
        }
        let taken = self.parameters.iter().filter(|p| p.verbs.contains(&verb));
        command = command.args(taken.map(Parameter::arg));
        if verb == Verb::List {
            command = command.arg(limit_arg());
        }
        ServerFlags::augment_args(command)
    }

    /// The positional argument that names one.
    pub(super) fn id_arg(&self) -> Option<Arg> {
        let (value, help) = match &self.id {
            Id::Sid(_, None) => ("SID", format!("Its sid, or {LAST}: the newest")),
            Id::Sid(_, Some((by, _))) => {
                let value = if *by == "PhoneNumber" { "NUMBER" } else { "SID" };
                let by = if *by == "PhoneNumber" { "phone number" } else { "friendly name" };
                (value, format!("Its sid or its {by}, or {LAST}: the newest"))
            }
            Id::OwnAccount => ("SID", "Its sid [default: the account that signs in]".to_owned()),
            Id::Address => {
                ("ADDRESS", "Such as +12025550199, client:alice or sip:bob@example.com".to_owned())
            }
            Id::Only => return None,
        };
        let is_required = !matches!(self.id, Id::OwnAccount);
        Some(Arg::new("id").value_name(value).help(help).required(is_required))
    }

    /// Does what was asked; `more` are parameters that do not come from flags.
    pub(super) async fn run(&self, matches: &ArgMatches, more: Form) -> Result<(), Failure> {
        let Some((word, matches)) = matches.subcommand() else {
            return Ok(());
        };
        let Some(verb) = Verb::of(word) else {
            return Ok(());
        };
        let flags = flags(matches)?;
        let mut form = self.form(verb, matches);
        for (name, value) in more.iter() {
            form.push(name, value);
        }
        let mut api = Api::open(&flags).await?;
        if matches!(verb, Verb::Create | Verb::Update) {
            form = super::bins::resolved(&mut api, form).await?;
        }
        match verb {
            Verb::List => {
                let items = self.list(&mut api, form, limit(matches)).await?;
                self.write_list(&items, flags.json);
            }
            Verb::Create => {
                let made = api.post(&self.collection(&api), &form).await?;
                self.write(&made, flags.json);
            }
            Verb::Show => {
                let path = self.member(&mut api, matches).await?;
                let found = api.get(&path).await?;
                self.write(&found, flags.json);
            }
            Verb::Update => {
                let path = self.member(&mut api, matches).await?;
                let changed = api.post(&path, &form).await?;
                self.write(&changed, flags.json);
            }
            Verb::Delete => {
                let path = self.member(&mut api, matches).await?;
                api.delete(&path).await?;
                let sid = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".json");
                match flags.json {
                    true => line(format_args!("{}", serde_json::json!({ "deleted": sid }))),
                    false => line(format_args!("deleted {sid}")),
                }
            }
        }
        Ok(())
    }

    /// The parameters that the flags of a verb name.
    pub(super) fn form(&self, verb: Verb, matches: &ArgMatches) -> Form {
        let mut form = Form::new();
        for parameter in self.parameters.iter().filter(|p| p.verbs.contains(&verb)) {
            for value in matches.get_many::<String>(parameter.name).into_iter().flatten() {
                form.push(parameter.name, value.as_str());
            }
        }
        form
    }

    /// The path of the list.
    pub(super) fn collection(&self, api: &Api) -> String {
        match self.place {
            Place::Account(name) => format!("/2010-04-01/Accounts/{}/{name}.json", api.sid()),
            Place::Path(path) if path.starts_with("/2010") => format!("{path}.json"),
            Place::Path(path) => path.to_owned(),
        }
    }

    /// The path of the one that the command line names.
    pub(super) async fn member(
        &self,
        api: &mut Api,
        matches: &ArgMatches,
    ) -> Result<String, Failure> {
        let named = matches.try_get_one::<String>("id").ok().flatten().map(String::as_str);
        let id = match (&self.id, named) {
            (Id::Only, _) => return Ok(self.collection(api)),
            (Id::OwnAccount, None) => api.sid().to_owned(),
            (_, None) => String::new(),
            (Id::Sid(prefix, by), Some(text)) => self.sid_of(api, prefix, *by, text).await?,
            (Id::OwnAccount | Id::Address, Some(text)) => text.to_owned(),
        };
        let collection = self.collection(api);
        let (path, ending) = match collection.strip_suffix(".json") {
            Some(path) => (path, ".json"),
            None => (collection.as_str(), ""),
        };
        Ok(format!("{path}/{}{ending}", segment(&id)))
    }

    /// The sid of one that is named by it, or by what the list can be filtered by.
    pub(super) async fn sid_of_named(&self, api: &mut Api, text: &str) -> Result<String, Failure> {
        match &self.id {
            Id::Sid(prefix, by) => self.sid_of(api, prefix, *by, text).await,
            Id::OwnAccount | Id::Address | Id::Only => Ok(text.to_owned()),
        }
    }

    async fn sid_of(
        &self,
        api: &mut Api,
        prefix: &str,
        by: Option<(&str, &str)>,
        text: &str,
    ) -> Result<String, Failure> {
        if text == LAST {
            let newest = self.list(api, Form::new(), 1).await?;
            let sid = newest.first().and_then(|item| item["sid"].as_str()).map(str::to_owned);
            return sid.ok_or_else(|| Failure::failed(format!("there is no {} yet", self.one)));
        }
        let is_sid = text.len() == 2 + SID_DIGITS && text.starts_with(prefix);
        let Some((filter, field)) = by.filter(|_| !is_sid) else {
            return Ok(text.to_owned());
        };
        let found = self.list(api, Form::from_pairs([(filter, text)]), usize::MAX).await?;
        let mut named = found.iter().filter(|item| item[field] == text);
        let shown = one_line(text);
        match (named.next(), named.next()) {
            (Some(item), None) => Ok(item["sid"].as_str().unwrap_or_default().to_owned()),
            (None, _) => Err(Failure::failed(format!("there is no {} {shown}", self.one))),
            (Some(_), Some(_)) => Err(Failure::failed(format!(
                "more than one {} is {shown}: name it by its sid",
                self.one
            ))),
        }
    }

    /// Items of the list, page after page.
    pub(super) async fn list(
        &self,
        api: &mut Api,
        filters: Form,
        limit: usize,
    ) -> Result<Vec<Value>, Failure> {
        pages(api, &self.collection(api), self.key, (filters, limit)).await
    }

    /// Writes a list.
    pub(super) fn write_list(&self, items: &[Value], json: bool) {
        write_rows(self.name, self.columns, items, json);
    }

    /// Writes one of them: first what lists show, then the rest; its problems apart.
    pub(super) fn write(&self, item: &Value, json: bool) {
        if json {
            return line(format_args!("{item}"));
        }
        let Value::Object(fields) = item else { return };
        let first = self.columns.iter().copied().filter(|name| fields.contains_key(*name));
        let rest = fields.keys().map(String::as_str).filter(|name| !self.columns.contains(name));
        let names: Vec<&str> = first.chain(rest).filter(|name| !is_hidden(name)).collect();
        let width = names.iter().map(|name| name.len()).max().unwrap_or(0);
        for name in names {
            let value = whole(&fields[name]).replace('\n', &format!("\n{:width$}  ", ""));
            let name = styled(Style::Dim, &format!("{name:<width$}"));
            line(format_args!("{}", format!("{name}  {value}").trim_end()));
        }
        for problem in fields.get("problems").and_then(Value::as_array).into_iter().flatten() {
            note(format_args!("{}", super::problems::shown(problem)));
        }
    }
}

/// Writes items as rows of these columns, or as JSON.
pub(super) fn write_rows(name: &str, columns: &[&str], items: &[Value], json: bool) {
    if json {
        for item in items {
            line(format_args!("{item}"));
        }
    } else if items.is_empty() {
        note(format_args!("no {name}"));
    } else {
        let row = |item: &Value| columns.iter().map(|field| cell(&item[*field])).collect();
        let rows: Vec<Vec<String>> = items.iter().map(row).collect();
        let titles: Vec<String> =
            columns.iter().map(|field| field.to_uppercase().replace('_', " ")).collect();
        table(&titles.iter().map(String::as_str).collect::<Vec<_>>(), &rows);
    }
}

/// Addresses of other resources are for programs, problems are written apart.
fn is_hidden(name: &str) -> bool {
    matches!(name, "subresource_uris" | "links" | "problems")
}

/// The flags of a client command.
pub(super) fn flags(matches: &ArgMatches) -> Result<ServerFlags, Failure> {
    ServerFlags::from_arg_matches(matches).map_err(|error| Failure::wrong_use(error.to_string()))
}

fn article(noun: &str) -> String {
    let an = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if an { "an" } else { "a" })
}

fn cell(value: &Value) -> String {
    one_line(&whole(value))
}

fn whole(value: &Value) -> String {
    match value {
        Value::Null => "-".into(),
        Value::String(text) => plain(text),
        other => plain(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_parameters_in_kebab_case() {
        for (name, flag) in [
            ("SmsUrl", "sms-url"),
            ("To", "to"),
            ("VoiceCallerIdLookup", "voice-caller-id-lookup"),
            ("DateSent<", "date-sent-before"),
            ("DateSent>", "date-sent-after"),
            ("DateSent", "date-sent"),
        ] {
            assert_eq!(Parameter::new(name, ALL, "X", "").flag(), flag);
        }
    }
}
