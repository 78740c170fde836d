/// What a person may want after each command, as its help ends.
enum NextSteps {
    /// By the command's words behind `recount`; empty for the program itself.
    static func of(_ command: String) -> String? {
        table.first { $0.command == command }?.next
    }

    static let table: [(command: String, next: String)] = [
        ("", "recount help backtest explains a command; Documentation/commands.md has them all."),
        // Facts.
        (
            "ingest",
            "recount backtest --strategy feedback --run first, once prices and filings are in."
        ),
        ("ingest disclosures", "recount filers --suspects shows who filed; then recount backtest."),
        ("ingest prices", "recount ingest disclosures and index; then recount backtest."),
        ("ingest actions", "recount backtest --run first; its report counts what was applied."),
        ("ingest index", "recount backtest --run first; without an index feedback learns nothing."),
        ("ingest reference", "recount filers shows parties and spellings as they are joined."),
        (
            "ingest guess",
            "correct the mapping, then recount ingest disclosures FILE --map map.yaml."
        ),
        ("simulate", "recount ingest prices world/prices.csv --data NEW, and the other files."),
        ("filers", "recount ingest reference names parties; recount backtest follows filers."),
        ("late", "recount fork --without t123 shows what one fact did."),
        ("record-trade", "recount backtest --like last --run next records its outcome."),
        ("predictions", "recount backtest --like last --run next reads them."),
        (
            "predictions import",
            "recount backtest --like last --run next reads them; then recount models list."
        ),
        ("export", "recount import FILE --data NEW makes the log again, with the same seal."),
        ("import", "recount verify checks it; a run needs its timeline too."),
        (
            "backup",
            "recount verify --chain --backup FOLDER compares; recount restore gives it back."
        ),
        ("restore", "recount verify --data NEW --chain --all proves what was restored."),
        ("readers", "recount status --watch names a reader that holds pages."),
        // Runs.
        (
            "backtest",
            "recount report --run last --html page.html; recount why holding TICKER --run last."
        ),
        ("runs", "recount report --run NAME looks at one; recount compare gives a verdict."),
        ("fork", "recount diff --run first --run tight says where both part and what it came to."),
        ("compare", "recount trials lists what was tried; recount report --run NAME looks at one."),
        ("sweep", "recount trials says what the best of so many is worth."),
        ("trials", "recount compare tests one idea with a metric that is named before."),
        ("audit-trades", "recount why order r45 --run last asks for the loop's own reasons."),
        ("strategy", "recount backtest --strategy mine.yaml --run mine."),
        (
            "strategy show",
            "change mine.yaml, then recount backtest --strategy mine.yaml --run mine."
        ),
        ("strategy schema", "name the file in your editor's settings for YAML."),
        ("strategy features", "recount models explain r45 says what each did for one evaluation."),
        // Live.
        ("halts", "recount resume --reason TEXT ends what does not end by itself."),
        ("halt", "recount halts shows what stands; recount resume --reason TEXT ends it."),
        ("resume", "recountd status shows what the live run does next."),
        ("mode", "recount halts shows what stands against entries in either mode."),
        ("approvals", "recount approvals approve d4711 --reason TEXT does what was asked for."),
        ("approvals list", "recount approvals approve d4711 --reason TEXT, or refuse."),
        ("approvals comment", "recount approvals list shows it to whoever decides."),
        ("approvals approve", "recount events --data DIR shows the act behind the approval."),
        ("approvals refuse", "recount approvals list --all shows what was decided."),
        ("approvals require", "recount approvals list shows what waits from now on."),
        ("adopt", "recount mode shows that nothing differs any more."),
        ("takeover", "recountd status shows the custody end; recount mode shows the new ids."),
        ("shadow", "recount why order r45 --run live tells the causes of one of its orders."),
        // Look.
        ("report", "recount why holding TICKER --run first; recount check-lookahead --run first."),
        ("events", "recount why order r45 --run first tells the causes of one of them."),
        ("signal", "recount why no-signal TICKER --run last tells the rules that it missed."),
        ("trades", "recount returns --run first; recount report --run first --html page.html."),
        ("returns", "recount trades --run first; recount compare first second."),
        ("holdings", "recount why holding TICKER --run first; recount at DATE --run first."),
        ("stats", "recount training-set show --run first; recount retrain --use-outcomes."),
        ("why", "recount effects filing t398 --run first goes the other way."),
        ("effects", "recount fork --without t398 --as unfiled shows what would have been."),
        ("at", "recount diff portfolio --from A --to B shows what changed between two moments."),
        ("watch", "recount bisect asks for the first event after which something holds."),
        ("bisect", "recount why tells the causes of the event that was found."),
        ("step", "recount why tells the causes of the event where you stand."),
        ("diff", "recount why order r45 --run second tells why one of them bought."),
        ("project", "recount sql --tables shows what can be asked; recount sql asks."),
        ("up", "recount status shows how far each is; DIR/views/recount.prom is for Prometheus."),
        ("status", "recount project all --run first brings read models to the end of their log."),
        ("sql", "recount at 2018-06-29 portfolio shows one read model as it stood then."),
        // Prove.
        ("verify", "recount seal --sign KEY keeps the seal elsewhere."),
        ("seal", "recount seal --check FILE holds the log against it later."),
        ("certify", "give the folder away; its script check replays the run."),
        (
            "reproduce",
            "recount check-lookahead --run first; recount verify --causality --run first."
        ),
        ("check-lookahead", "recount verify --causality --run first is the other detector."),
        ("drift", "recount project NAME --rebuild makes rows anew; --rollback goes back."),
        // Models.
        ("models", "recount models show champion --run first."),
        ("models list", "recount models show champion --run first; recount models compare."),
        ("models show", "recount models compare champion --run first tells what the gate saw."),
        ("models compare", "recount models promote or rollback decide by hand."),
        ("models export", "any XGBoost reads the file."),
        ("models explain", "recount why signal r4711 --run first tells the whole decision."),
        ("models promote", "recount backtest --like first --run next reads the fact."),
        ("models rollback", "recount backtest --like first --run next reads the fact."),
        ("models prune", "recount status shows what is left."),
        ("training-set", "recount training-set export writes it for pandas."),
        ("training-set show", "recount training-set export writes it for pandas."),
        ("training-set export", "read it with pandas; the digest says that it is the loop's own."),
        ("training-set check", "recount reproduce --run first --retrain trains each model again."),
        ("retrain", "recount models list --run second; recount models compare MODEL --run second."),
    ]
}
