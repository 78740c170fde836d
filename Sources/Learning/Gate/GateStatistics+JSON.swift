import Events

extension GateStatistics {
    /// What `ModelCompared` has no field for, as canonical JSON: keys in alphabetical order, no
    /// spaces, numbers as short as reads back equal, null for what is not known.
    public func json() -> String {
        object([
            ("accuracy_difference", number(differences?.accuracy)),
            ("baseline", "\(isBaseline)"),
            ("block_sessions", "\(settings.blockSessions)"),
            ("buy_hundredths", "\(settings.thresholds.buyHundredths)"),
            ("confusion_new", list(new.counts.map(String.init))),
            ("confusion_old", list(old.counts.map(String.init))),
            ("draws", "\(settings.draws)"),
            ("f1_difference", number(differences?.f1)),
            ("f1_high", number(intervals?.f1.high)),
            ("f1_low", number(intervals?.f1.low)),
            ("label_sessions", "\(settings.labelSessions)"),
            ("majority_class", JSONText.quoted("\(majorityClass)")),
            ("matured", matured.map(text) ?? "null"),
            ("mcnemar", mcNemarText),
            ("psi_bins", stability.map(text) ?? "null"),
            ("seed", JSONText.quoted("\(settings.seed)")),
            ("sell_hundredths", "\(settings.thresholds.sellHundredths)"),
            ("sessions", "\(sessions)"),
            ("shortages", list(evidence.shortages.map { JSONText.quoted($0.rawValue) })),
            ("windows", "\(windows)"),
        ])
    }

    private var mcNemarText: String {
        object([
            ("assumes", JSONText.quoted("independent rows")),
            ("chi_squared", number(mcNemar.chiSquared)),
            ("method", JSONText.quoted(mcNemar.method.rawValue)),
            ("only_new", "\(mcNemar.onlyNew)"), ("only_old", "\(mcNemar.onlyOld)"),
        ])
    }

    private func text(_ matured: MaturedDifference) -> String {
        object([
            ("block_sessions", "\(matured.blockSessions)"), ("blocks", "\(matured.means.count)"),
            ("error", number(MaturedDifference.error)), ("high", number(matured.interval?.high)),
            ("low", number(matured.interval?.low)), ("mean", number(matured.mean)),
            ("rows", "\(matured.rows)"),
        ])
    }

    private func text(_ stability: PopulationStability) -> String {
        list(
            stability.bins.map { bin in
                object([
                    ("holdout", "\(bin.holdout)"), ("through", number(bin.through)),
                    ("training", "\(bin.training)"),
                ])
            })
    }

    private func object(_ fields: [(String, String)]) -> String {
        "{\(fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ","))}"
    }

    private func list(_ values: [String]) -> String {
        "[\(values.joined(separator: ","))]"
    }

    private func number(_ value: Double?) -> String {
        value.map { "\($0)" } ?? "null"
    }
}
