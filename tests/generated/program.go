// With the client of OpenAPI Generator for Go: `program URL ARTICLE`. Prints what it got.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	colophon "example.org/colophon"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func open(path string) *os.File {
	file, err := os.Open(path)
	check(err)
	return file
}

func main() {
	settings := colophon.NewConfiguration()
	settings.Servers = colophon.ServerConfigurations{{URL: os.Args[1]}}
	client, ctx := colophon.NewAPIClient(settings), context.Background()

	_, answer, err := client.ArticlesAPI.ConvertArticle(ctx).
		File(open(os.Args[2])).To2([]colophon.Target{colophon.TARGET_EPUB}).Toc(true).Execute()
	check(err)
	var report colophon.Report // generated clients for Go accept JSON first
	check(json.NewDecoder(answer.Body).Decode(&report))
	artifact, _, err := client.ArticlesAPI.GetLinkedArtifact(ctx, report.Artifacts[0].Sha256, "lock.epub").Execute()
	check(err)
	start := make([]byte, 2)
	_, err = io.ReadFull(artifact, start)
	check(err)
	fmt.Println(answer.StatusCode, report.Artifacts[0].MediaType, string(start))

	job, _, err := client.JobsAPI.CreateJob(ctx).
		File([]*os.File{open(os.Args[2])}).To2([]colophon.Target{colophon.TARGET_HTML}).Execute()
	check(err)
	ended, _, err := client.JobsAPI.GetJob(ctx, job.Id).Wait(60).Execute()
	check(err)
	fmt.Println(ended.State, len(ended.Artifacts), ended.Artifacts[0].Name)

	_, _, err = client.ArticlesAPI.ConvertArticle(ctx).
		File(open(os.Args[2])).To2([]colophon.Target{colophon.TARGET_PDF}).Margin("wide").Execute()
	problem := err.(*colophon.GenericOpenAPIError).Model().(colophon.Problem)
	fmt.Println(problem.Status, problem.Code, *problem.Errors[0].Pointer)
}
