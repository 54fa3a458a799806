using Hypersend.Cli.Start;
using Hypersend.Contracts.Ids;

namespace Hypersend.Cli.Files.Downloads;

/// <summary>What somebody wants to fetch: a file by its id, or an address that opens one without an account.</summary>
internal sealed record Wanted(FileId? Id, Uri? Address)
{
    private const string Links = "/s/";
    private const string Bytes = "/download";
    private const string Files = "/api/v1/files/";

    public static Wanted Read(string word)
    {
        if (Guid.TryParse(word, out var id))
            return new Wanted(new FileId(id), null);
        if (!Uri.TryCreate(word, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new StopException(ExitCodes.WrongUsage, $"\"{word}\" is neither the id of a file nor an address: \"hypersend ls\" shows the ids.");
        var path = address.AbsolutePath.TrimEnd('/');

        // Without a signature it is the file of an account, whoever wrote its address.
        if (address.Query.Length == 0 && path.StartsWith(Files, StringComparison.Ordinal) && Guid.TryParse(path[Files.Length..].Split('/')[0], out var named))
            return new Wanted(new FileId(named), new Uri(address.GetLeftPart(UriPartial.Authority)));
        return path.StartsWith(Links, StringComparison.Ordinal) && !path.EndsWith(Bytes, StringComparison.Ordinal)
            ? new Wanted(null, new UriBuilder(address) { Path = path + Bytes }.Uri)
            : new Wanted(null, address);
    }
}
