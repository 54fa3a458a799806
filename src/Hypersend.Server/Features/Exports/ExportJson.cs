using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Exports;

/// <summary>What an export is of, and when it was made.</summary>
internal sealed record ExportHead
{
    public int Format { get; init; }

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    /// <summary>The address of the server it comes from.</summary>
    public string Server { get; init; } = "";

    public UserId UserId { get; init; }

    public string Username { get; init; } = "";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ExportHead))]
internal sealed partial class ExportJson : JsonSerializerContext;
