import Testing

@testable import Events

/// What a spelling leaves out does not make another person; what it says does.
@Suite("Names of persons")
struct PersonNameTests {
    @Test(
        "two spellings of one name are the same",
        arguments: [
            ("Ana Maria Ruiz", "ANA MARIA RUIZ"), ("Ruiz, Ana Maria", "Ana Maria Ruiz"),
            ("Hon. Ana Ruiz", "Ana Ruiz"), ("Sen. Ana Ruiz", "ana ruiz"),
            ("The Honorable Ana Ruiz", "Ruiz, Hon. Ana"), ("Ana Dr Ruiz", "Ana Ruiz"),
            ("Ana Ruiz,", "Ana Ruiz"), ("Tom O'Brannigan", "TOM OBRANNIGAN"),
            ("Tom O Brannigan", "Tom O'Brannigan"), ("Kim McTavish", "KIM MC TAVISH"),
            ("Lee Jackson-Moore", "Lee Jackson Moore"), ("Ana Del Bosque", "Ana DelBosque"),
            ("Van Holt, Pia", "Pia Van Holt"), ("Joe Marsh, III", "Joe Marsh III"),
            ("Marsh, Joe, Jr.", "Joe Marsh Jr"), ("Marsh Jr., Joe", "Joe Marsh, Jr"),
            ("Joe Marsh V", "Marsh, Joe, V"), ("Neal Pat MD, Facs Dunmore", "Neal Pat Dunmore"),
            ("Neal Dunmore, M.D.", "Neal Dunmore"), ("Neal Dunmore M.D.", "Neal Dunmore"),
            ("Neal Dunmore, Ph.D.", "Neal Dunmore"), ("J.B. Marsh", "J. B. Marsh"),
            ("Marsh, A. Mitchell Jr.", "A. Mitchell Marsh, Jr."),
            ("Robert \"Bo\" Marsh", "Robert (Bo) Marsh"),
        ])
    func same(_ left: String, _ right: String) {
        #expect(relation(left, right) == .same)
    }

    @Test(
        "a spelling that leaves something out does not fit the whole one",
        arguments: [
            ("Ron Wells", "Ron L. Wells"), ("Ron L. Wells", "Ron Lee Wells"),
            ("Ron Wells", "Ron Lee Adam Wells"), ("Ron A Wells", "Ron Lee Adam Wells"),
            ("C. Scott Marsh", "Scott Marsh"), ("Joe Marsh", "Joe Marsh, Jr."),
            ("Joe Marsh III", "Joe P. Marsh"), ("Marsh, Joe P.", "Joe Marsh"),
            ("Bo Marsh", "Robert C. \"Bo\" Marsh"), ("Ana Schulz", "Ana Wagner Schulz"),
        ])
    func fits(_ left: String, _ right: String) {
        #expect(relation(left, right) == .fits)
    }

    @Test(
        "another middle name or suffix fits",
        arguments: [
            ("Ron L. Wells", "Ron K. Wells"), ("Ron Lee Wells", "Ron Lou Wells"),
            ("Joe Marsh Jr.", "Joe Marsh Sr."), ("Joe Marsh III", "Joe Marsh, Jr."),
            ("Joe P. Marsh II", "Joe Marsh Jr"), ("A. Joe Marsh", "B. Joe Marsh"),
        ])
    func contradicts(_ left: String, _ right: String) {
        #expect(relation(left, right) == .contradicts)
    }

    @Test(
        "another first name or surname fits",
        arguments: [
            ("Ron Wells", "Ronald Wells"), ("R. Wells", "Ron Wells"), ("Bob Marsh", "Rob Marsh"),
            ("Ana Ruiz", "Ana Ruis"), ("Tammy Ruiz", "Ladda Tammy Ruiz"), ("Ruiz", "Ana Ruiz"),
            ("Filer 1", "Filer 2"), ("Filer A", "Filer B"), ("Person I", "Person V"),
            ("Member V", "Member"), ("Pia Holt", "Pia Van Holt"),
        ])
    func differs(_ left: String, _ right: String) {
        #expect(relation(left, right) == .differs)
    }

    @Test("a text without a name traps or has one")
    func total() {
        for text in ["", ",", "\"\"", "()", "Dr.", "MD, Jr.", "...", "(Bo)", ",,Jr,,", "V", "é"] {
            let name = PersonName(text)
            #expect(name.relation(to: name) == .same)
            #expect(name.words.isEmpty == !text.utf8.contains { $0 | 0x20 > 0x60 })
        }
    }

    private func relation(_ left: String, _ right: String) -> NameRelation {
        let (one, other) = (PersonName(left), PersonName(right))
        #expect(one.relation(to: other) == other.relation(to: one), "the order does not matter")
        return one.relation(to: other)
    }
}
