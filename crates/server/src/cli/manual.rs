//! `man`: pages for `man`, made from the same commands as `--help`; one per command.
//!
//! Roff on stdout for one page, files for all of them. It installs nothing.

use super::failure::Failure;
use super::terminal::{line, note};
use clap::Command;
use clap_mangen::Man;
use std::path::{Path, PathBuf};

/// Print a manual page, or write all of them
#[derive(Debug, clap::Args)]
#[command(after_help = "`offhook man | man -l -` shows a page at once. One page per command: \
    `offhook man numbers update` is that of `offhook numbers update`.")]
pub(super) struct Manual {
    /// The command, such as `text` or `numbers update`; none is offhook itself
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write the page of every command into this folder; made if it is not there
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

pub(super) fn run(manual: &Manual, offhook: Command) -> Result<(), Failure> {
    let mut offhook = offhook.disable_help_subcommand(true);
    // Gives every command its whole name.
    offhook.build();
    if let Some(folder) = &manual.dir {
        return write(&offhook, folder);
    }
    let mut found = &offhook;
    for name in &manual.command {
        found = found.find_subcommand(name).filter(|command| !command.is_hide_set()).ok_or_else(
            || Failure::wrong_use(format!("there is no command `{}`", manual.command.join(" "))),
        )?;
    }
    let mut page = Vec::new();
    let rendered = Man::new(found.clone()).render(&mut page);
    rendered.map_err(|error| Failure::failed(error.to_string()))?;
    line(format_args!("{}", String::from_utf8_lossy(&page).trim_end()));
    Ok(())
}

fn write(offhook: &Command, folder: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut waiting = vec![offhook];
    let mut count = 0;
    while let Some(command) = waiting.pop() {
        Man::new(command.clone()).generate_to(folder).map_err(failed)?;
        count += 1;
        waiting.extend(command.get_subcommands().filter(|command| !command.is_hide_set()));
    }
    note(format_args!("{count} pages in {}", folder.display()));
    Ok(())
}
