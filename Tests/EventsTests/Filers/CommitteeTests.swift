import Testing

@testable import Events

/// Committees by id and name, and what they oversee.
@Suite("Committees")
struct CommitteeTests {
    @Test(
        "a committee is found under no such text, or another is",
        arguments: [
            ("HSAG", "HSAG"), ("HSAG03", "HSAG"), ("hsag", "HSAG"), ("SSFI", "SSFI"),
            ("House Committee on Agriculture", "HSAG"), ("SSAF14", "SSAF"),
            ("Senate Committee on Agriculture, Nutrition, and Forestry", "SSAF"),
            ("Finance", "SSFI"), ("Committee on Ways and Means", "HSWM"),
            ("HOUSE COMMITTEE ON VETERANS' AFFAIRS", "HSVR"),
            ("Senate Veterans Affairs", "SSVA"), ("Joint Economic Committee", "JSEC"),
            ("House Committee on Education and Labor", "HSED"),
            ("House Permanent Select Committee on Intelligence", "HLIG"),
            ("Senate Select Committee on Intelligence", "SLIN"),
        ])
    func known(_ text: String, _ id: String) {
        #expect(Committee(text: text)?.id == id)
    }

    @Test(
        "a committee is made of a text that names none, or two",
        arguments: [
            "", "HSAG0", "HSAGXX", "HSXX", "House", "Judiciary", "House Committee on Cats",
            "Committee", "Senate Ways and Means",
        ])
    func unknown(_ text: String) {
        #expect(Committee(text: text) == nil)
    }

    @Test("an id or a name stands twice, or a sector stands without the words that say it")
    func table() {
        #expect(Set(Committee.all.map(\.id)).count == Committee.all.count)
        for committee in Committee.all {
            #expect(Committee(text: committee.id) == committee)
            #expect(committee.sectors.isEmpty == committee.jurisdiction.isEmpty, "\(committee.id)")
            let chamber =
                switch committee.chamber {
                case .house: "House"
                case .senate: "Senate"
                default: "Joint"
                }
            #expect(Committee(text: "\(chamber) \(committee.name)") == committee)
        }
        #expect(Committee(text: "HSAG")?.chamber == .house)
        #expect(Committee(text: "JSTX")?.chamber == nil)
    }

    @Test("the sectors of energy, health or banks are overseen by others")
    func oversight() {
        func sectors(_ id: String) -> String { Committee(text: id)?.sectors.text ?? "" }
        #expect(sectors("HSBA") == "Financials; Real Estate")
        #expect(sectors("SSEG") == "Energy; Materials; Utilities")
        #expect(sectors("HSIF").contains("Health Care") && sectors("HSAP").isEmpty)
        for sector in Sector.allCases {
            for letter in ["H", "S"] {
                #expect(
                    Committee.all.contains {
                        $0.id.hasPrefix(letter) && $0.sectors.contains(sector)
                    }, "\(letter) \(sector.name)")
            }
        }
    }

    @Test("a sector has another name than its own, or a word that is none is one")
    func sectors() {
        for sector in Sector.allCases {
            #expect(Sector(text: sector.name.uppercased()) == sector)
            #expect(SectorSet([sector]).text == sector.name)
        }
        #expect(Sector(text: "Healthcare") == .healthCare)
        #expect(Sector(text: "Telecommunication Services") == .communicationServices)
        #expect(Sector(text: "Financial Services") == .financials)
        #expect(Sector(text: "Widgets") == nil && Sector(text: "") == nil)
        #expect(SectorSet(text: "utilities; Energy;")?.text == "Energy; Utilities")
        #expect(SectorSet(text: "Energy; Widgets") == nil && SectorSet(text: " ") == [])
    }
}
