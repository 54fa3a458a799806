namespace Hypersend.Server.Platform.Media;

/// <summary>An image format that may be shown inline.</summary>
internal sealed record ImageType(string Mime, string Extension);
