//! The password of a database is read from the environment or a file, and never printed.

use std::fs;
use std::process::Stdio;

use crate::{folder, output_of_failed, trialmark};

const SECRET: &str = "s3cret";

#[test]
fn a_database_password_on_the_command_line_is_refused() {
    for url in [
        "postgres://me:s3cret@host/name",
        "postgresql://me:s3cret@host:5432/name?sslmode=require",
        "postgres://me@host/name?password=s3cret",
        "postgres://host/name?user=me&pass%77ord=s3cret",
        "postgres://me:s3cr3t-s3cret@[::1]/name",
        "postgres://me:s3cret@not a host/name",
    ] {
        for arguments in [
            &["serve", "--database-url", url][..],
            &["migrate", "--database-url", url],
            &["user", "reset-link", "--email", "a@b.example", "--database-url", url],
            &["verify", "--business", "a", &format!("--database-url={url}")],
        ] {
            let (code, said) = output_of_failed(trialmark(arguments));
            assert_eq!(code, Some(2), "{said}");
            assert!(said.starts_with("trialmark: --database-url: ") && said.lines().count() == 1, "{said}");
            assert!(said.contains("TRIALMARK_DATABASE_URL") && said.contains("--database-url-file"), "{said}");
            assert!(!said.contains(SECRET), "{said}");
        }
    }
}

#[test]
fn a_database_url_can_come_from_the_environment_or_a_file() {
    let here = folder("secret");
    fs::create_dir_all(&here).unwrap();
    let (file, url) = (here.join("url"), format!("sqlite:{}", here.join("by file.db").display()));
    for content in [url.clone(), format!("{url}\n"), format!("\r\n {url} \r\n")] {
        fs::write(&file, content).unwrap();
        let mut by_flag = trialmark(&["migrate", "--database-url-file", file.to_str().unwrap()]);
        let mut by_environment = trialmark(&["migrate"]);
        by_environment.env("TRIALMARK_DATABASE_URL_FILE", &file);
        for command in [&mut by_flag, &mut by_environment] {
            let output = command.output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(output.status.success() && said.contains("by file.db"), "{said}");
        }
    }
    for (content, word) in [
        (Some(""), "holds no address"),
        (Some("mysql://me:s3cret@host/name"), "holds no address"),
        (None, "cannot be read"),
    ] {
        match content {
            Some(content) => fs::write(&file, content).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let (code, said) = output_of_failed(trialmark(&["migrate", "--database-url-file", file.to_str().unwrap()]));
        assert!(code == Some(2) && said.contains(word) && said.lines().count() == 1, "{said}");
        assert!(said.contains("--database-url-file") && !said.contains(SECRET), "{said}");
    }
    fs::write(&file, &url).unwrap();
    let (code, said) = output_of_failed(trialmark(&[
        "migrate",
        "--database-url",
        &url,
        "--database-url-file",
        file.to_str().unwrap(),
    ]));
    assert!(code == Some(2) && said.contains("cannot be used with"), "{said}");
}

#[test]
fn no_error_or_log_contains_the_database_password() {
    let urls = [
        "postgres://me:s3cret@127.0.0.1:1/name",
        "postgres://me:s3cret@localhost:1/name?sslmode=disable",
        "postgres://me:s3cret@nowhere.invalid/name",
        "postgres://me:s3cret@127.0.0.1:1/name?sslmode=never",
        "postgres://me@127.0.0.1:1/name?pasword=s3cret",
        "postgres://me@127.0.0.1:1/name?password=s3cret",
        "postgres://me:s3cret@127.0.0.1:99999/name",
        "postgres://me:s3cret@127.0.0.1:port/name",
        "postgres://me:s3cret@[::1/name",
        "postgres://me:s3cret@/name",
        "postgres://me:s3cret@not a host/name",
        "postgres://me:%s3cret@127.0.0.1:1/name",
    ];
    let children = urls.map(|url| {
        let mut command = trialmark(&["migrate"]);
        command.env("TRIALMARK_DATABASE_URL", url).env("TRIALMARK_LOG", "trace");
        (url, command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    });
    for (url, child) in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(matches!(output.status.code(), Some(1 | 2)), "{url}: {said}");
        assert!(said.contains("trialmark: ") && !said.contains(SECRET), "{url}: {said}");
    }
}
