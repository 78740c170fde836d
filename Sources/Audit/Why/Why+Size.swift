import EventLog
import Events
import FeedbackLoop

extension Why {
    /// How the size of an entry came about.
    func size(
        _ order: OrderSubmitted, _ edges: [LineageEdge], _ configuration: LoopConfiguration?
    ) throws -> [WhyFigure] {
        var figures: [WhyFigure] = []
        if let confidence = order.confidence {
            figures.append(
                WhyFigure("confidence that sized it", confidence, WhyNumbers.share(confidence)))
        }
        if let calibrated = order.calibratedConfidence {
            figures.append(
                WhyFigure(
                    "the same on the scale of what confidences came to", calibrated,
                    WhyNumbers.share(calibrated)))
        }
        if let fraction = order.sizeFraction {
            figures.append(
                WhyFigure(
                    "share of the portfolio's value asked for", fraction,
                    WhyNumbers.percent(fraction),
                    rule: try rule(ofSize: fraction, order, edges, configuration)))
        }
        figures.append(
            WhyFigure(
                "the close that sized it", order.referencePrice,
                WhyNumbers.dollars(order.referencePrice)))
        figures.append(
            WhyFigure(
                "cash set aside until it is filled", order.reservedCash.dollars,
                WhyNumbers.dollars(order.reservedCash)))
        return figures + levels(order, configuration)
    }

    /// The loop's formula of the size, and whether it gives what was recorded.
    private func rule(
        ofSize fraction: Double, _ order: OrderSubmitted, _ edges: [LineageEdge],
        _ configuration: LoopConfiguration?
    ) throws -> String? {
        guard let configuration, let confidence = order.confidence else { return nil }
        let regime = try edges.cause(.regime).map { try read(RegimeChanged.self, $0).regime }
        let base =
            order.calibration == .none
            ? nil : try read(CalibrationFitted.self, order.calibration).base
        // Before its window a run follows the regime without an event: the signal says it.
        let signal =
            order.signal == .none
            ? nil : try recorded(order.signal, try template(order.signal)).0.regime
        let again = configuration.sizeFraction(
            confidence: confidence, calibrated: order.calibratedConfidence, base: base,
            signal ?? regime ?? .unknown)
        let formula =
            "from \(configuration.text("base_size")) (base_size) for the least confidence, rising "
            + "with it (\(configuration.text("sizing")) sizing), at most "
            + "\(configuration.text("max_trade")) (max_trade)"
        return again == fraction
            ? "\(formula); recomputed, and equal"
            : "\(formula); recomputed it is \(WhyNumbers.percent(again)): another version decided"
    }

    /// The levels at which the holding is to be sold.
    private func levels(
        _ order: OrderSubmitted, _ configuration: LoopConfiguration?
    ) -> [WhyFigure] {
        var figures: [WhyFigure] = []
        if let distance = order.stopDistance {
            let range = order.atr.map {
                "\(configuration?.text("stop_atr") ?? "some") (stop_atr) times the average true "
                    + "range of \(WhyNumbers.dollars($0, 4)), how far the price moves in a day"
            }
            figures.append(
                WhyFigure(
                    "stop (sold when the price falls so far below the price paid)", distance,
                    WhyNumbers.dollars(distance, 4), rule: range))
        }
        if let trailing = order.trailingFraction {
            figures.append(
                WhyFigure(
                    "trailing stop (sold when it falls so far below its highest close)", trailing,
                    WhyNumbers.percent(trailing), rule: "trailing_stop"))
        }
        if let target = order.targetFraction {
            figures.append(
                WhyFigure(
                    "profit is taken so far above the price paid", target,
                    WhyNumbers.percent(target), rule: "take_profit"))
        }
        if order.timeoutDays > 0 {
            figures.append(
                WhyFigure(
                    "held at most, calendar days", Double(order.timeoutDays),
                    "\(order.timeoutDays)", rule: "timeout_days"))
        }
        return figures
    }
}
