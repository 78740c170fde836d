import Events
import Testing

@Suite("A set of digests")
struct DigestSetTests {
    @Test("a digest is new once, through growth, and no other is taken for it")
    func once() {
        var set = DigestSet()
        var known: Set<Digest> = []
        var state: UInt64 = 7
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for number in 0..<50_000 {
            // Small words, one at a time, and many that came before.
            let word = next() % 30_000
            let digest =
                switch number % 3 {
                case 0: Digest(w0: word, w1: 1, w2: 0, w3: 0)
                case 1: Digest(w0: 0, w1: 0, w2: 1 << 40, w3: word)
                default: Digest(w0: next(), w1: next(), w2: next(), w3: next())
                }
            #expect(set.contains(digest) == known.contains(digest))
            let (isNew, wasNew) = (set.insert(digest), known.insert(digest).inserted)
            #expect(isNew == wasNew)
            #expect(set.contains(digest))
        }
        #expect(set.count == known.count)
    }

    @Test("the digest of zeros is one like any other")
    func zero() {
        var set = DigestSet()
        #expect(!set.contains(.zero))
        let inserted = [set.insert(.zero), set.insert(.zero)]
        #expect(inserted == [true, false])
        #expect(set.contains(.zero) && set.count == 1)
    }
}
