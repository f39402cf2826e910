# The portal alone: one static binary, certificates and time zones.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /portal ./cmd/portal \
 && mkdir -p /rootfs/data /rootfs/tmp && chmod 1777 /rootfs/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
COPY --from=build --chown=65532:65532 /rootfs/ /
COPY --from=build /portal /portal
ENV ZONEINFO=/zoneinfo.zip PORTAL_ADDR=:8080 PORTAL_METRICS_ADDR=:9090 PORTAL_DATA_DIR=/data
USER 65532:65532
VOLUME /data
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["/portal", "doctor", "--quick"]
ENTRYPOINT ["/portal"]
CMD ["serve"]
