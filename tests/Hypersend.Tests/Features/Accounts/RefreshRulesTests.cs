using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Tests.Platform.Secrets;

namespace Hypersend.Tests.Features.Accounts;

public sealed class RefreshRulesTests
{
    private static readonly Guid Session = new("018f0000-0000-7000-8000-000000000002");
    private static readonly RefreshTokens Tokens = new(KeyRing.Load(KeyRingTests.Secret, null, "unused"));

    [Fact]
    public void The_four_verdicts_follow_the_chain()
    {
        var chain = Chain(4);
        var other = Chain(4); // the same session's number, another first secret
        Assert.Equal(RefreshVerdict.Reused, Decide(chain, 1, chain[0]));
        Assert.Equal(RefreshVerdict.Repeat, Decide(chain, 1, chain[1]));
        Assert.Equal(RefreshVerdict.Rotate, Decide(chain, 1, chain[2]));
        Assert.Equal(RefreshVerdict.Unknown, Decide(chain, 1, chain[3]));
        Assert.Equal(RefreshVerdict.Unknown, Decide(chain, 1, other[1]));
        Assert.Equal(RefreshVerdict.Unknown, Decide(chain, 1, other[2]));
    }

    [Fact]
    public void The_last_generation_does_not_wrap_around()
    {
        var zero = Chain(1)[0];
        var verdict = RefreshRules.Decide(uint.MaxValue, new byte[32], RefreshTokens.HashOf(zero.Text), zero);
        Assert.Equal(RefreshVerdict.Reused, verdict);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(7u)]
    [InlineData(20260102u)]
    public void Any_number_of_tabs_that_wait_for_their_answers_stay_signed_in(uint seed)
    {
        for (var run = 0u; run < 100; run++)
        {
            var chance = new Chance(seed * 1_000 + run);
            var server = new OneSession(Tokens);
            var jar = server.First;
            for (var round = 0; round < 20; round++)
            {
                // All tabs send what the jar holds; answers come in any order, some are lost, and the rest are equal.
                var answers = Enumerable.Range(0, 1 + chance.Next(6)).Select(_ => server.Refresh(jar)).ToArray();
                var answer = Assert.Single(answers.Distinct());
                Assert.NotNull(answer);
                if (chance.Next(4) > 0)
                    jar = answer;
            }
            Assert.True(server.Alive);
        }
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(11u)]
    public void A_thief_and_the_owner_cannot_both_go_on(uint seed)
    {
        for (var run = 0u; run < 100; run++)
        {
            var chance = new Chance(seed * 1_000 + run);
            var server = new OneSession(Tokens);
            string? owner = server.First, thief = null;
            var stolenAt = chance.Next(5);
            for (var round = 0; round < 40 && server.Alive; round++)
            {
                if (round == stolenAt)
                    thief = owner;
                if (thief is not null && round > stolenAt && chance.Next(2) == 0)
                    thief = server.Refresh(thief) ?? thief;
                else
                    owner = server.Refresh(owner) ?? owner;
            }
            // Whoever lags two steps presents a used token; with the same chain there are no two living branches.
            Assert.True(!server.Alive || owner == thief || Math.Abs((long)Generation(owner) - Generation(thief!)) <= 1);
            Assert.True(server.Branches <= 1);
        }
    }

    private static uint Generation(string text) => Tokens.TryParse(text, out var token) ? token.Generation : 0;

    private static RefreshToken[] Chain(int length)
    {
        var chain = new RefreshToken[length];
        for (var i = 0; i < length; i++)
            Assert.True(Tokens.TryParse(i == 0 ? Tokens.First(Session) : Tokens.Successor(chain[i - 1]), out chain[i]));
        return chain;
    }

    private static RefreshVerdict Decide(RefreshToken[] chain, int stored, RefreshToken presented) =>
        RefreshRules.Decide((uint)stored, RefreshTokens.HashOf(chain[stored].Text), RefreshTokens.HashOf(chain[stored + 1].Text), presented);

    /// <summary>What the database keeps of one session.</summary>
    private sealed class OneSession
    {
        private readonly RefreshTokens _tokens;
        private readonly Dictionary<uint, HashSet<string>> _given = [];
        private uint _generation;
        private byte[] _hash;
        private byte[] _next;

        public OneSession(RefreshTokens tokens)
        {
            _tokens = tokens;
            First = tokens.First(Session);
            Assert.True(_tokens.TryParse(First, out var token));
            _hash = RefreshTokens.HashOf(First);
            _next = RefreshTokens.HashOf(_tokens.Successor(token));
        }

        public string First { get; }

        public bool Alive { get; private set; } = true;

        public int Branches => _given.Count == 0 ? 0 : _given.Values.Max(texts => texts.Count);

        public string? Refresh(string text)
        {
            if (!Alive || !_tokens.TryParse(text, out var token))
                return null;
            var verdict = RefreshRules.Decide(_generation, _hash, _next, token);
            if (verdict is RefreshVerdict.Reused)
                Alive = false;
            if (verdict is RefreshVerdict.Reused or RefreshVerdict.Unknown)
                return null;
            var successor = _tokens.Successor(token);
            if (verdict is RefreshVerdict.Rotate)
                (_generation, _hash, _next) = (token.Generation, RefreshTokens.HashOf(text), RefreshTokens.HashOf(successor));
            if (!_given.TryGetValue(token.Generation + 1, out var texts))
                _given[token.Generation + 1] = texts = [];
            texts.Add(successor);
            return successor;
        }
    }

    /// <summary>Repeatable chance (xorshift).</summary>
    private sealed class Chance(uint seed)
    {
        private uint _state = seed * 2_654_435_761 + 1;

        public int Next(int below)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)below);
        }
    }
}
