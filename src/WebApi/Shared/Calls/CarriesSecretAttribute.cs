using Microsoft.AspNetCore.Mvc.Filters;

namespace AiPlatform.WebApi.Shared.Calls;

/// <summary>
/// Marks an action whose request or answer carries a credential: no cache keeps the answer, and no page that it is shown on
/// passes the address on.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CarriesSecretAttribute : Attribute, IAlwaysRunResultFilter
{
    /// <inheritdoc/>
    public void OnResultExecuting(ResultExecutingContext context)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <inheritdoc/>
    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
