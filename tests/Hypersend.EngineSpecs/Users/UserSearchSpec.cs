using System.Globalization;
using System.Text;
using Hypersend.EngineSpecs.Accounts;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Platform.Text;

namespace Hypersend.EngineSpecs.Users;

/// <summary>Search among three hundred people in many scripts: both engines find what a plain loop finds, in its order.</summary>
public abstract class UserSearchSpec(Engine engine) : PeopleSpec(engine)
{
    private const int People = 300;
    private const int PageSize = 7;

    private static readonly string[] First =
        ["Anna", "Änne", "José", "Łukasz", "Øystein", "İbrahim", "Ольга", "Ωμέγα", "محمد", "שרה", "सीता", "தமிழ்", "山田", "김철수", "ひろみ", "Ann", "Anna-Lena", "O'Brien"];

    private static readonly string[] Last =
        ["Smith", "Straße", "Nuñez", "Żółć", "Иванов", "Παπαδόπουλος", "الحسن", "כהן", "गुप्ता", "太郎", "길동", "スズキ", "van der Berg", "Smythe", "𠮷野", "🎈 Ballon"];

    private static readonly string[] Queries =
        ["a", "an", "ann", "anna", "ANNA", "änne", "anne", "s", "smi", "strasse", "STRASSE", "нов", "ив", "Ив", "ωμ", "Παπ", "मु", "गु", "सी", "தமி", "山", "田", "山田", "太",
         "郎", "김", "철수", "ひろ", "スズ", "ズキ", "吉", "𠮷", "מ", "כה", "ال", "مح", "i", "o", "b", "berg", "van", "anna s", "an sm", "山 太", "x", "user1", "user12", "zzz", "_", "%", "*", "'", "\\"];

    [Fact]
    public async Task Every_page_of_every_query_is_what_a_plain_loop_finds()
    {
        Database = await Engine.OpenAsync();
        var people = Enumerable.Range(0, People)
            .Select(i => AccountOf(
                string.Create(CultureInfo.InvariantCulture, $"{(i % 3 == 0 ? "user" : i % 3 == 1 ? "zed_" : "m.")}{i * 37 % 1000}"),
                $"{First[i % First.Length]} {Last[i * 7 % Last.Length]}"))
            .ToList();
        await Race.RunAsync(10, async runner =>
        {
            foreach (var account in people.Where((_, i) => i % 10 == runner))
                Assert.Null((await RegisterAsync(account)).Refusal);
        });

        var found = 0;
        foreach (var query in Queries)
        {
            var words = NameForm.Words(query);
            // By code point, as both databases compare.
            var expected = words.Count == 0 ? [] : people
                .Where(account => words.All(word => account.Words.Any(one => one.StartsWith(word, StringComparison.Ordinal))))
                .Select(account => account.UsernameKey)
                .OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal)
                .ToList();
            var pages = new List<string>();
            while (await Users.SearchAsync(words, people[0].Id, pages.LastOrDefault() ?? "", PageSize, Cancellation) is { Count: > 0 } page)
            {
                Assert.InRange(page.Count, 1, PageSize);
                pages.AddRange(page.Select(one => one.UsernameKey));
            }

            Assert.Equal(expected, pages);
            found += pages.Count;
        }

        Assert.InRange(found, People, int.MaxValue);
    }
}

public sealed class UserSearchOnSqlite(SqliteEngine engine) : UserSearchSpec(engine), IClassFixture<SqliteEngine>;

public sealed class UserSearchOnPostgres(PostgresEngine engine) : UserSearchSpec(engine), IClassFixture<PostgresEngine>;
