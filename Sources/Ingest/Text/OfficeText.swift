/// Seats as the sources write them.
enum OfficeText {
    /// The seat: what the office says, where it is not the filer's name once more; else the
    /// district, with its state where it is a number (`CA11`); else the state.
    static func office(_ office: String, state: String, district: String, filer: String) -> String?
    {
        if !TickerText.isMissing(office), FilerName.plain(office) != FilerName.plain(filer) {
            return optionalText(office, limit: 16)
        }
        if !TickerText.isMissing(district) {
            let number = trimmed(district)
            guard (1...2).contains(number.utf8.count), number.utf8.allSatisfy(isDigit),
                let code = code(state)
            else { return optionalText(district, limit: 16) }
            return code + (number.utf8.count == 1 ? "0" : "") + number
        }
        return TickerText.isMissing(state) ? nil : optionalText(code(state) ?? state, limit: 16)
    }

    /// The postal code of a state or territory, by code or name; nil for neither.
    private static func code(_ state: String) -> String? {
        let key = columnKey(state)
        if key.utf8.count == 2, key.utf8.allSatisfy(isLetter) { return key.uppercased() }
        return codes[key]
    }

    private static let codes: [String: String] = {
        let names =
            "AL alabama AK alaska AZ arizona AR arkansas CA california CO colorado CT connecticut "
            + "DE delaware FL florida GA georgia HI hawaii ID idaho IL illinois IN indiana IA iowa "
            + "KS kansas KY kentucky LA louisiana ME maine MD maryland MA massachusetts "
            + "MI michigan MN minnesota MS mississippi MO missouri MT montana NE nebraska "
            + "NV nevada NH newhampshire NJ newjersey NM newmexico NY newyork NC northcarolina "
            + "ND northdakota OH ohio OK oklahoma OR oregon PA pennsylvania RI rhodeisland "
            + "SC southcarolina SD southdakota TN tennessee TX texas UT utah VT vermont "
            + "VA virginia WA washington WV westvirginia WI wisconsin WY wyoming "
            + "DC districtofcolumbia PR puertorico GU guam VI virginislands AS americansamoa "
            + "MP northernmarianaislands"
        let words = names.split(separator: " ").map(String.init)
        var codes: [String: String] = [:]
        for place in stride(from: 0, to: words.count, by: 2) {
            codes[words[place + 1]] = words[place]
        }
        return codes
    }()
}
