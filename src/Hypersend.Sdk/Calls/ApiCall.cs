using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hypersend.Sdk.Calls;

/// <summary>One call: its method, its address, and what makes its body, again for each try.</summary>
internal sealed record ApiCall(HttpMethod Method, string Path)
{
    /// <summary>Whether it needs somebody signed in.</summary>
    public bool Signed { get; init; } = true;

    /// <summary>A token for this call alone, whatever the session holds.</summary>
    public string? Bearer { get; init; }

    public Func<HttpContent>? Body { get; init; }

    /// <summary>How long to wait for the answer. A body that is large takes the time that it takes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The answer is handed over with its headers; its body is read later, as it comes.</summary>
    public bool Streamed { get; init; }

    /// <summary>Which bytes; null for all of them.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <summary>The range holds only for what has this tag.</summary>
    public string? IfRange { get; init; }

    /// <summary>A status that is an answer, though not a success.</summary>
    public HttpStatusCode? Expects { get; init; }

    public static ApiCall Get(string path) => new(HttpMethod.Get, path);

    public static ApiCall Put(string path) => new(HttpMethod.Put, path);

    public static ApiCall Post(string path) => new(HttpMethod.Post, path);

    public static ApiCall Delete(string path) => new(HttpMethod.Delete, path);

    public ApiCall With<T>(T body, JsonTypeInfo<T> type) => this with { Body = () => JsonContent.Create(body, type) };

    public ApiCall Unsigned() => this with { Signed = false };
}
