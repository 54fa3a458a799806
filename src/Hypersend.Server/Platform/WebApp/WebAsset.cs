using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Hypersend.Server.Platform.WebApp;

/// <summary>One file of the web app, in memory, as it is and (where that is smaller) compressed with brotli.</summary>
internal sealed class WebAsset
{
    private static readonly FileExtensionContentTypeProvider Types = new();

    private readonly byte[] _plain;
    private readonly byte[]? _brotli;
    private readonly EntityTagHeaderValue _plainTag;
    private readonly EntityTagHeaderValue _brotliTag;

    public WebAsset(string path, byte[] plain, byte[]? brotli)
    {
        _plain = plain;
        _brotli = brotli;
        var hash = Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 12));
        _plainTag = new EntityTagHeaderValue($"\"{hash}\"");
        // A strong tag names bytes, and these are other bytes.
        _brotliTag = new EntityTagHeaderValue($"\"{hash}-br\"");
        ContentType = ContentTypeOf(path);
        // Vite writes the hash of the content into every name below assets/.
        CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : "no-cache";
    }

    public string ContentType { get; }

    public string CacheControl { get; }

    public async Task WriteAsync(HttpContext context)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        var brotli = _brotli is not null && TakesBrotli(request);
        var tag = brotli ? _brotliTag : _plainTag;
        headers.ETag = tag.ToString();
        headers.CacheControl = CacheControl;
        if (_brotli is not null) headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);

        if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known == EntityTagHeaderValue.Any))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var bytes = brotli ? _brotli! : _plain;
        if (brotli) headers.ContentEncoding = "br";
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(request.Method)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static bool TakesBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value == "br" && coding.Quality is not 0);

    private static string ContentTypeOf(string path)
    {
        if (!Types.TryGetContentType(path, out var type)) return "application/octet-stream";
        return type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
    }
}
