using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Measuring;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Load.Servers;

/// <summary>
/// The frame that the platform's work hangs in, and nothing of that work: a controller binds a question, MediatR takes it through as many
/// behaviours as a metered call passes, the provider is asked, its answer is read and told as JSON. No credential, no account, no
/// record. What a call costs beyond this is the platform's own; what this costs beyond the proxy, the frame does.
/// </summary>
internal static class Framework
{
    /// <summary>As <c>AddPipeline</c> of the application registers for a question.</summary>
    private const int Behaviours = 9;

    public static Command Command { get; } = Intermediary.Command(
        Target.Framework,
        "a controller, MediatR and JSON around a call to the upstream, and nothing else",
        (services, client, upstream) => AddServices(services, new FrameworkProvider(client, new Uri(upstream, Upstream.Path))),
        app => app.MapControllers());

    private static void AddServices(IServiceCollection services, FrameworkProvider provider)
    {
        services.AddMvcCore().ConfigureApplicationPartManager(manager =>
        {
            // Else the platform's own controllers would be found as well.
            manager.ApplicationParts.Clear();
            manager.ApplicationParts.Add(new AssemblyPart(typeof(Framework).Assembly));
        });
        services.AddSingleton(provider);
        services.AddTransient<ServiceFactory>(scope => scope.GetRequiredService);
        services.AddTransient<IMediator, Mediator>();
        services.AddTransient<IRequestHandler<FrameworkQuestion, FrameworkAnswer>, FrameworkHandler>();
        for (var behaviour = 0; behaviour < Behaviours; behaviour++)
        {
            services.AddTransient(typeof(IPipelineBehavior<,>), typeof(PassOn<,>));
        }
    }
}

/// <summary>What the platform is asked.</summary>
/// <param name="UserInput">The question.</param>
public sealed record FrameworkQuestion([property: JsonPropertyName("user_input")] string UserInput) : IRequest<FrameworkAnswer>;

/// <summary>What is told of the provider's answer.</summary>
public sealed record FrameworkAnswer(string Message, string Model, int PromptTokens, int CompletionTokens, int TotalTokens);

/// <summary>Binds, sends, maps.</summary>
public sealed class FrameworkController(IMediator mediator) : ControllerBase
{
    [HttpPost(Processes.PlatformProcess.Route)]
    public async Task<IActionResult> AskAsync([FromBody] FrameworkQuestion question, CancellationToken cancellationToken) =>
        Ok(await mediator.Send(question, cancellationToken));
}

internal sealed class PassOn<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) => next();
}

internal sealed class FrameworkHandler(FrameworkProvider provider) : IRequestHandler<FrameworkQuestion, FrameworkAnswer>
{
    public Task<FrameworkAnswer> Handle(FrameworkQuestion request, CancellationToken cancellationToken) => provider.AskAsync(request, cancellationToken);
}

internal sealed class FrameworkProvider(HttpMessageInvoker client, Uri address)
{
    public async Task<FrameworkAnswer> AskAsync(FrameworkQuestion question, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Version = HttpVersion.Version11 };
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            new { model = "gpt-4o-mini", messages = new[] { new { role = "user", content = question.UserInput } } }));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await client.SendAsync(request, cancellationToken);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var usage = answer.RootElement.GetProperty("usage");
        return new FrameworkAnswer(
            answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!,
            answer.RootElement.GetProperty("model").GetString()!,
            usage.GetProperty("prompt_tokens").GetInt32(),
            usage.GetProperty("completion_tokens").GetInt32(),
            usage.GetProperty("total_tokens").GetInt32());
    }
}
