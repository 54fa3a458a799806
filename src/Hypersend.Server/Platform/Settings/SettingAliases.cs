namespace Hypersend.Server.Platform.Settings;

/// <summary>Names that older set-ups use: read as ours, or ignored with one line.</summary>
internal static class SettingAliases
{
    private static readonly Dictionary<string, string[]> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ACCESS_TOKEN_MINUTES"] = ["JWT_EXPIRATION_MINUTES", "ACCESS_TOKEN_EXPIRE_MINUTES"],
        ["REFRESH_TOKEN_DAYS"] = ["REFRESH_TOKEN_EXPIRE_DAYS"],
        ["SECRET_KEY"] = ["JWT_SECRET", "JWT_SECRET_KEY"],
        ["CORS_ORIGINS"] = ["ALLOWED_ORIGINS"],
        ["MAX_FILE_SIZE"] = ["MAX_FILE_SIZE_BYTES"],
        ["UPLOAD_SESSION_HOURS"] = ["UPLOAD_EXPIRE_HOURS"],
        ["API_PORT"] = ["PORT"],
    };

    /// <summary>Settings of systems that this server does not have.</summary>
    public static IReadOnlyDictionary<string, string> Ignored { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["MONGODB_URI"] = "MongoDB is not used; set DATABASE_URL to sqlite: or postgres:",
        ["MONGODB_ATLAS_ENABLED"] = "MongoDB is not used; set DATABASE_URL to sqlite: or postgres:",
        ["DATABASE_NAME"] = "the database's name is part of DATABASE_URL",
        ["JWT_ALGORITHM"] = "tokens are always HS256",
        ["ALGORITHM"] = "tokens are always HS256",
    };

    public static IReadOnlyList<string> Of(string name) => Aliases.TryGetValue(name, out var aliases) ? aliases : [];
}
