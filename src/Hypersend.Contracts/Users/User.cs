using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Users;

public static class Roles
{
    public const string User = "user";
    public const string Admin = "admin";
}

public static class Presences
{
    public const string Online = "online";
    public const string Away = "away";
    public const string Busy = "busy";
    public const string DoNotDisturb = "dnd";
    public const string Offline = "offline";

    /// <summary>Told to nobody but the person: to everybody else it is offline.</summary>
    public const string Invisible = "invisible";
}

/// <summary>A person, as the asking person may see them.</summary>
public sealed record User
{
    public required UserId Id { get; init; }

    public required string Username { get; init; }

    public required string Name { get; init; }

    public required string Bio { get; init; }

    public required string? AvatarUrl { get; init; }

    [OneOf(Roles.User, Roles.Admin)]
    public required string Role { get; init; }

    /// <summary>Null when their privacy hides it.</summary>
    public required DateTimeOffset? LastSeen { get; init; }

    [OneOf(Presences.Online, Presences.Away, Presences.Busy, Presences.DoNotDisturb, Presences.Offline, Presences.Invisible)]
    public required string Presence { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Only to the person and to admins.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Email { get; init; }

    /// <summary>Only to the person and to admins.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? TotpEnabled { get; init; }

    /// <summary>Only to admins.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Disabled { get; init; }

    /// <summary>Only to the person and to admins; null stands for the server's default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? QuotaBytes { get; init; }

    /// <summary>Whether I follow them; in <c>GET /users/{id}</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Following { get; init; }

    /// <summary>Whether I block them; in <c>GET /users/{id}</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Blocked { get; init; }

    /// <summary>The account is gone; the name stays beside what it wrote.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Deleted { get; init; }
}
