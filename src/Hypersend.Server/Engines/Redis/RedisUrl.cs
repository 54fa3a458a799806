using System.Globalization;

namespace Hypersend.Server.Engines.Redis;

/// <summary>Reads <c>redis://user:password@host:6379/0</c>, and <c>rediss://</c> for one behind TLS.</summary>
internal sealed record RedisUrl(string Host, int Port, string? User, string? Password, int Database, bool Tls)
{
    public const string Shape = "redis://user:password@host:6379/0 (rediss:// for TLS)";

    public const string Example = "redis://localhost:6379";

    private const int UsualPort = 6379;
    private const int MostDatabases = 1_024;

    /// <summary>Null when the text is no such address.</summary>
    public static RedisUrl? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("redis" or "rediss") || url.Host.Length == 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            return null;
        var path = url.AbsolutePath.Trim('/');
        var database = 0;
        if (path.Length > 0 && (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out database) || database >= MostDatabases))
            return null;

        var login = url.UserInfo.Split(':', 2);
        var (user, password) = login.Length == 2 ? (login[0], login[1]) : ("", login[0]);
        return new RedisUrl(
            url.IdnHost, url.Port > 0 ? url.Port : UsualPort, Named(user), Named(password), database, url.Scheme == "rediss");

        static string? Named(string part) => part.Length == 0 ? null : Uri.UnescapeDataString(part);
    }

    /// <summary>Without the login: this may be logged.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Tls ? "rediss" : "redis")}://{Host}:{Port}/{Database}");
}
