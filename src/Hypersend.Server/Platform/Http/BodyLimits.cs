using System.Buffers;
using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Hypersend.Server.Platform.Http;

/// <summary>
/// Refuses a body that says it is too large before anything reads it. A body of moderate size is taken in and dropped
/// first: most clients do not look for an answer while they send, and would report a broken connection instead of ours.
/// </summary>
internal static class BodyLimits
{
    private const long DropAtMost = 32 * 1024 * 1024;

    private static readonly TimeSpan DropFor = TimeSpan.FromSeconds(20);

    public static void UseBodyLimits(this WebApplication app) => app.Use((context, next) =>
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        return limit is { MaxRequestBodySize: { } most } && context.Request.ContentLength is { } length && length > most
            ? RefuseAsync(context, limit, length, most)
            : next(context);
    });

    public static Failure TooLarge(long most) => new(ErrorCodes.TooLarge)
    {
        More = new Dictionary<string, JsonElement> { ["max_size"] = JsonSerializer.SerializeToElement(most, SizeJson.Default.Int64) },
    };

    private static async Task RefuseAsync(HttpContext context, IHttpMaxRequestBodySizeFeature limit, long length, long most)
    {
        if (length <= DropAtMost && !limit.IsReadOnly)
        {
            limit.MaxRequestBodySize = null;
            await DropAsync(context);
        }

        await Problem.WriteAsync(context, TooLarge(most));
    }

    private static async Task DropAsync(HttpContext context)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(DropFor);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer, patience.Token) > 0)
            {
                // Nothing is kept.
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers.Connection = "close";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(long))]
internal sealed partial class SizeJson : System.Text.Json.Serialization.JsonSerializerContext;
