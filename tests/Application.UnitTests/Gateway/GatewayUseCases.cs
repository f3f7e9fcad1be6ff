using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>The gateway's use cases over a gateway that records what it is asked.</summary>
internal sealed class GatewayUseCases : IDisposable
{
    private readonly ServiceProvider _services;

    public GatewayUseCases(BodyState body = BodyState.Read)
    {
        Models.Setup(models => models.CompleteAsync(It.IsAny<ChatPrompt>(), It.IsAny<CancellationToken>()))
            .Callback((ChatPrompt prompt, CancellationToken _) => Prompt = prompt)
            .ReturnsAsync(() => Answer);
        ImageModels.Setup(models => models.GenerateAsync(It.IsAny<ImagePrompt>(), It.IsAny<CancellationToken>()))
            .Callback((ImagePrompt prompt, CancellationToken _) => ImagePrompt = prompt)
            .ReturnsAsync(new GeneratedImage(new byte[] { 1, 2, 3 }, "OpenAI", 7));
        Images.Setup(images => images.StoreAsync(It.IsAny<string>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()))
            .Callback((string name, ReadOnlyMemory<byte> png, CancellationToken _) => Stored = (name, png.ToArray()))
            .ReturnsAsync("http://localhost/files/image.png?sig=x");
        var call = Mock.Of<ICallContext>(context => context.Body == new CallBody(body, ReadOnlyMemory<byte>.Empty));

        var services = new ServiceCollection();
        services.AddApplication();
        services.AddSingleton(call).AddSingleton(Models.Object).AddSingleton(ImageModels.Object).AddSingleton(Images.Object);
        services.AddSingleton(TimeProvider.System);
        _services = services.BuildServiceProvider();
    }

    public static Caller Asker { get; } = new(new Guid("0195a000-0000-7000-8000-000000000001"), "ann", "ann@example.org", 1);

    public ChatAnswer Answer { get; set; } = new("fine", "upstream-name", "OpenAI", new TokenUsage(3, 2, 1));

    public ChatPrompt? Prompt { get; private set; }

    public ImagePrompt? ImagePrompt { get; private set; }

    public (string Name, byte[] Png) Stored { get; private set; }

    private Mock<IModelGateway> Models { get; } = new();

    private Mock<IImageModels> ImageModels { get; } = new();

    private Mock<IGeneratedImages> Images { get; } = new();

    public async Task<TResponse> HandleAsync<TRequest, TResponse>(TRequest request)
        where TRequest : IRequest<TResponse>
    {
        using var scope = _services.CreateScope();
        scope.ServiceProvider.GetRequiredService<CallRecord>().Identify(Asker);
        var handler = scope.ServiceProvider.GetRequiredService<IRequestHandler<TRequest, TResponse>>();
        return await handler.Handle(request, CancellationToken.None);
    }

    /// <summary>The first failure's words; <see langword="null"/> for a request that is right.</summary>
    public string? Refusal<TRequest>(TRequest request)
    {
        using var scope = _services.CreateScope();
        var context = new CallValidation<TRequest>(request, scope.ServiceProvider.GetRequiredService<ServiceFactory>());
        var result = scope.ServiceProvider.GetRequiredService<IValidator<TRequest>>().Validate(context);
        Assert.That(result.Errors, Has.Count.LessThanOrEqualTo(1), "Only the first failure answers.");
        return result.Errors.SingleOrDefault()?.ErrorMessage;
    }

    public void Dispose() => _services.Dispose();
}
