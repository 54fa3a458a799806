namespace Hypersend.Sdk.Calls;

/// <summary>The operation of the interface that a method makes; a test compares them with the API document.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CallAttribute(string method, string path) : Attribute
{
    public string Method => method;

    public string Path => path;
}
