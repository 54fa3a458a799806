using System.Runtime.CompilerServices;
using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Features.Search;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>The search index is there, or somebody else keeps it.</summary>
internal sealed class SearchCheck : ICheck
{
    public string Name => "search";

    public string Fix => "With the server stopped: hypersend-server search rebuild.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var database = site.Get<DatabaseUrl>().SqlitePath;
        var path = Path.Combine(site.Server.DataRoot, "search.db");
        if (!site.Get<SearchOptions>().KeepsIndex)
        {
            yield return database is null
                ? Finding.Ok("search.index", "left to another node (SEARCH_INDEX=off)")
                : Finding.Warning("search.index", "SEARCH_INDEX=off, and with SQLite there is no other node", "Nothing is found. Leave SEARCH_INDEX out to have it back.");
        }
        else if (database is null)
        {
            yield return Finding.Ok("search.index", "in the database");
        }
        else
        {
            yield return File.Exists(path)
                ? Finding.Ok("search.index", $"{path}, {Words.Bytes(new FileInfo(path).Length)}")
                : Finding.Warning("search.index", $"{path} is not there", "The next start makes it, and searches find less until then.");
        }
    }
}
