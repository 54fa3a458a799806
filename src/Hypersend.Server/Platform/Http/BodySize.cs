using Microsoft.AspNetCore.Http.Metadata;

namespace Hypersend.Server.Platform.Http;

/// <summary>How large the body of a route may be. What is left of a refused one is read and dropped up to that size.</summary>
internal sealed record BodySize(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
