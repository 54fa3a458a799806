using System.Text.Json.Serialization;
using Hypersend.Contracts;

namespace Hypersend.Cli.Profiles;

/// <summary>The files of profiles, and what is said about them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(Page<ShownProfile>), TypeInfoPropertyName = "ShownProfiles")]
[JsonSerializable(typeof(ShownProfile))]
internal sealed partial class ProfileJson : JsonSerializerContext;

/// <summary>A profile without its secrets.</summary>
internal sealed record ShownProfile(string Name, Uri Server, string Username, bool SignedIn, bool Current);
